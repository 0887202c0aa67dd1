// Whose engines can be proved. The kernel lets a user look into the containers of an engine of the
// user's own, and root into those of root's; nothing that an engine says makes up for that.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace paddock::engine {

struct Obstacle {
  std::string reason, remedy;
};

/// Why user `self` cannot prove containers of the engine at `socket`, which is `owner`'s; nothing:
/// it can be done.
std::optional<Obstacle> owner_obstacle(uid_t self,
                                       std::optional<uid_t> owner,
                                       const std::string& socket);

}  // namespace paddock::engine
