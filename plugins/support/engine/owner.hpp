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
/// it can be done. `maps_users`: whether an engine of its kind can show an ordinary user's files as
/// the workload's own.
std::optional<Obstacle> owner_obstacle(uid_t self,
                                       std::optional<uid_t> owner,
                                       bool maps_users,
                                       const std::string& socket);

}  // namespace paddock::engine
