// Whether this user may make the namespaces of a sandbox: the kernel's switches first, since they
// can be named, then one cheap attempt.
#pragma once

#include <optional>
#include <string>

namespace paddock::bubblewrap {

struct Obstacle {
  std::string reason;
  std::string remedy;
};

/// What the answer depends on.
struct Machine {
  std::string bwrap;           ///< its path
  std::string root;            ///< in front of /proc and /etc; empty but in tests
  bool is_root = false;        ///< some switches are for unprivileged users only
  int (*attempt)() = nullptr;  ///< makes a user namespace somewhere: 0 or errno
};

Machine this_machine(const std::string& bwrap);

/// What forbids them, or nullopt when nothing is known to. `failed`: bwrap has tried in vain, so
/// that what may be no obstacle is one.
std::optional<Obstacle> userns_obstacle(const Machine& machine, bool failed);

}  // namespace paddock::bubblewrap
