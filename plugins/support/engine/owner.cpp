#include "support/engine/owner.hpp"

namespace paddock::engine {
namespace {

constexpr const char* kElsewhere = "use rootless Podman or the backend 'bubblewrap'";

}  // namespace

std::optional<Obstacle> owner_obstacle(uid_t self,
                                       std::optional<uid_t> owner,
                                       bool maps_users,
                                       const std::string& socket) {
  const std::string engine = "the engine at '" + socket + "'";
  if (!owner) {
    return Obstacle{"the kernel does not say whose " + engine + " is", kElsewhere};
  }
  if (*owner != self && *owner == 0) {
    return Obstacle{
        engine + " is root's: only root can look into its containers, and so prove them",
        std::string("run paddock as root, or ") + kElsewhere};
  }
  if (*owner != self) {
    return Obstacle{engine + " is user " + std::to_string(*owner) +
                        "'s: its containers would get that user's files, not yours",
                    "run paddock as that user, or name an engine of your own"};
  }
  if (self != 0 && !maps_users) {
    return Obstacle{engine + " is rootless, and cannot show your files as the workload's own",
                    kElsewhere};
  }
  return std::nullopt;
}

}  // namespace paddock::engine
