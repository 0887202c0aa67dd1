#include "support/mount_namespace.hpp"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "support/mount_calls.hpp"

namespace paddock::support {
namespace {

bool is_ours(int user_ns) {
  struct stat theirs {};
  struct stat ours {};
  return ::fstat(user_ns, &theirs) == 0 && ::stat("/proc/self/ns/user", &ours) == 0 &&
         theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

}  // namespace

Result<MountNamespace> MountNamespace::of(pid_t pid) {
  const std::string link = "/proc/" + std::to_string(pid) + "/ns/mnt";
  UniqueFd mount_ns(::open(link.c_str(), O_RDONLY | O_CLOEXEC));
  UniqueFd user_ns(mount_ns ? ::ioctl(mount_ns.get(), NS_GET_USERNS) : -1);
  if (!user_ns) {
    return fail_errno(errno, "cannot open the sandbox's namespaces");
  }
  if (is_ours(user_ns.get())) {
    user_ns.reset();
  }
  return MountNamespace(std::move(user_ns), std::move(mount_ns));
}

bool MountNamespace::join_users() const {
  return !user_ns_ || ::setns(user_ns_.get(), CLONE_NEWUSER) == 0;
}

bool MountNamespace::enter() const {
  return join_users() && ::setns(mount_ns_.get(), CLONE_NEWNS) == 0;
}

// Only mounts of one's own namespace can be copied, and only by whom that belongs to: whoever has
// left the user namespace it belongs to makes a namespace of the same mounts first.
bool MountNamespace::enter_with(const char* path, int& copy) const {
  if (!join_users() || (user_ns_ && ::unshare(CLONE_NEWNS) != 0)) {
    return false;
  }
  copy = copy_mount(path);
  return copy >= 0 && ::setns(mount_ns_.get(), CLONE_NEWNS) == 0;
}

}  // namespace paddock::support
