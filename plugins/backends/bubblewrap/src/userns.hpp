// Whether this user may make user namespaces, told from the kernel's switches without trying.
#pragma once

#include <optional>
#include <string>

namespace paddock::bubblewrap {

struct Obstacle {
  std::string reason;
  std::string remedy;
};

/// The switch that forbids them, or nullopt when none is known to. `bwrap` is the program's path.
std::optional<Obstacle> userns_obstacle(const std::string& bwrap);

}  // namespace paddock::bubblewrap
