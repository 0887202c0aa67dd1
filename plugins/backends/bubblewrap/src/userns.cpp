#include "userns.hpp"

#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/lent_memory.hpp"
#include "support/small_file.hpp"

namespace paddock::bubblewrap {
namespace {

// Namespaces of a sandbox by the kernel's names. bwrap makes two user namespaces: one to build the
// sandbox in, and within it the workload's, which has no power over the first.
struct Need {
  const char* kind;
  int count;
};
constexpr Need kNeeds[] = {{"user", 2}, {"mnt", 1}, {"pid", 1},   {"net", 1},
                           {"ipc", 1},  {"uts", 1}, {"cgroup", 1}};

bool exists(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

int attempt_here() {
  const int status =
      support::run_in_lent_memory([] { return ::unshare(CLONE_NEWUSER) == 0 ? 0 : errno; });
  return status < 0 ? errno : status;
}

std::optional<Obstacle> limit_obstacle(const std::string& root) {
  for (const auto& [kind, count] : kNeeds) {
    const std::string name = std::string("max_") + kind + "_namespaces";
    const auto allowed = support::read_number(root + "/proc/sys/user/" + name);
    if (allowed && *allowed < count) {
      return Obstacle{"a sandbox takes " + std::to_string(count) + " " + kind +
                          (count == 1 ? " namespace" : " namespaces") + ", and user." + name +
                          " is " + std::to_string(*allowed),
                      "as root: sysctl user." + name + "=15000"};
    }
  }
  return std::nullopt;
}

// Ubuntu 24.04 and later confine programs without an AppArmor profile of their own, so that an
// attempt of this program tells nothing of bwrap, which the packages apparmor
// (bwrap-userns-restrict) or an administrator may have given one.
std::optional<Obstacle> apparmor_obstacle(const Machine& machine, bool failed) {
  const std::string reason =
      "AppArmor forbids user namespaces (kernel.apparmor_restrict_unprivileged_userns = 1)";
  const std::string otherwise =
      ", or as root: sysctl kernel.apparmor_restrict_unprivileged_userns=0";
  for (const char* profile : {"/etc/apparmor.d/bwrap-userns-restrict", "/etc/apparmor.d/bwrap"}) {
    if (exists(machine.root + profile)) {
      return failed ? std::optional(Obstacle{reason, std::string("load the profile '") + profile +
                                                         "', as root: apparmor_parser -r " +
                                                         profile + otherwise})
                    : std::nullopt;
    }
  }
  return Obstacle{reason, "give '" + machine.bwrap +
                              "' an AppArmor profile with 'userns,' (package apparmor-profiles: "
                              "bwrap-userns-restrict)" +
                              otherwise};
}

std::optional<Obstacle> attempt_obstacle(const Machine& machine) {
  const int error = machine.attempt();
  if (error == 0) {
    return std::nullopt;
  }
  const std::string reason =
      std::string("the kernel refuses a user namespace: ") + std::strerror(error);
  if (error == EPERM) {
    return Obstacle{reason,
                    "a chroot or a container's seccomp filter does this: run paddock outside of "
                    "it, or let the container make user namespaces"};
  }
  return Obstacle{reason,
                  "user namespaces are nested too deep, or this user has as many as "
                  "user.max_user_namespaces allows, here or in a container around"};
}

}  // namespace

Machine this_machine(const std::string& bwrap) {
  return {bwrap, "", ::geteuid() == 0, attempt_here};
}

std::optional<Obstacle> userns_obstacle(const Machine& machine, bool failed) {
  if (!exists(machine.root + "/proc/self/ns/user")) {
    return Obstacle{"the kernel is built without user namespaces (CONFIG_USER_NS)",
                    "use a kernel with CONFIG_USER_NS, or another backend"};
  }
  if (auto limit = limit_obstacle(machine.root)) {
    return limit;
  }
  const auto is = [&](const char* name, long long value) {
    return !machine.is_root &&
           support::read_number(machine.root + "/proc/sys/kernel/" + name) == value;
  };
  if (is("unprivileged_userns_clone", 0)) {
    return Obstacle{
        "unprivileged user namespaces are switched off (kernel.unprivileged_userns_clone = 0)",
        "as root: sysctl kernel.unprivileged_userns_clone=1"};
  }
  return is("apparmor_restrict_unprivileged_userns", 1) ? apparmor_obstacle(machine, failed)
                                                        : attempt_obstacle(machine);
}

}  // namespace paddock::bubblewrap
