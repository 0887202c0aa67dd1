#include "userns.hpp"

#include <unistd.h>

#include "support/small_file.hpp"

namespace paddock::bubblewrap {
namespace {

bool exists(const char* path) {
  return ::access(path, F_OK) == 0;
}

// Ubuntu 24.04 and later confine programs without an AppArmor profile of their own; the packages
// apparmor (bwrap-userns-restrict) or an administrator may have given bwrap one.
std::optional<Obstacle> apparmor_obstacle(const std::string& bwrap) {
  const auto restricted =
      support::read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
  if (restricted.value_or(0) == 0 || exists("/etc/apparmor.d/bwrap-userns-restrict") ||
      exists("/etc/apparmor.d/bwrap")) {
    return std::nullopt;
  }
  return Obstacle{
      "AppArmor forbids user namespaces (kernel.apparmor_restrict_unprivileged_userns = 1)",
      "give '" + bwrap +
          "' an AppArmor profile with 'userns,' (package apparmor-profiles: "
          "bwrap-userns-restrict), or as root: sysctl "
          "kernel.apparmor_restrict_unprivileged_userns=0"};
}

}  // namespace

std::optional<Obstacle> userns_obstacle(const std::string& bwrap) {
  if (!exists("/proc/self/ns/user")) {
    return Obstacle{"the kernel is built without user namespaces (CONFIG_USER_NS)",
                    "use a kernel with CONFIG_USER_NS, or another backend"};
  }
  if (support::read_number("/proc/sys/user/max_user_namespaces").value_or(1) == 0) {
    return Obstacle{"user namespaces are switched off (user.max_user_namespaces = 0)",
                    "as root: sysctl user.max_user_namespaces=15000"};
  }
  if (::geteuid() == 0) {
    return std::nullopt;  // the other switches are for unprivileged users
  }
  if (support::read_number("/proc/sys/kernel/unprivileged_userns_clone").value_or(1) == 0) {
    return Obstacle{
        "unprivileged user namespaces are switched off (kernel.unprivileged_userns_clone = 0)",
        "as root: sysctl kernel.unprivileged_userns_clone=1"};
  }
  return apparmor_obstacle(bwrap);
}

}  // namespace paddock::bubblewrap
