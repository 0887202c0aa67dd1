#include "support/mount_namespace.hpp"

#include <sched.h>

#include "support/mount_calls.hpp"

namespace paddock::support {

Result<MountNamespace> MountNamespace::of(pid_t pid) {
  auto self = Namespace::of(pid, "mnt");
  return self ? Result<MountNamespace>(MountNamespace(std::move(*self))) : fail_as(self);
}

// Only mounts of one's own namespace can be copied, and only by whom that belongs to: whoever has
// left the user namespace it belongs to makes a namespace of the same mounts first.
bool MountNamespace::enter_with(const char* path, int& copy) const {
  if (!join_users() || (has_own_users() && ::unshare(CLONE_NEWNS) != 0)) {
    return false;
  }
  copy = copy_mount(path);
  return copy >= 0 && join();
}

}  // namespace paddock::support
