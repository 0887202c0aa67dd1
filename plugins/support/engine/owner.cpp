#include "support/engine/owner.hpp"

namespace paddock::engine {

std::optional<Obstacle> owner_obstacle(uid_t self,
                                       std::optional<uid_t> owner,
                                       const std::string& socket) {
  const std::string engine = "the engine at '" + socket + "'";
  if (owner == self) {
    return std::nullopt;
  }
  if (!owner) {
    return Obstacle{"the kernel does not say whose " + engine + " is",
                    "name the socket of an engine of your own"};
  }
  if (*owner == 0) {
    return Obstacle{
        engine + " is root's: only root can look into its containers, and so prove them",
        "run paddock as root, or use rootless Podman or the backend 'bubblewrap'"};
  }
  return Obstacle{engine + " is user " + std::to_string(*owner) +
                      "'s: its containers would get that user's files, not yours",
                  "run paddock as that user, or name the socket of an engine of your own"};
}

}  // namespace paddock::engine
