#include "support/namespace.hpp"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

namespace paddock::support {
namespace {

bool is_ours(int user_ns) {
  struct stat theirs {};
  struct stat ours {};
  return ::fstat(user_ns, &theirs) == 0 && ::stat("/proc/self/ns/user", &ours) == 0 &&
         theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

}  // namespace

Result<Namespace> Namespace::of(pid_t pid, const char* kind) {
  const std::string link = "/proc/" + std::to_string(pid) + "/ns/" + kind;
  UniqueFd self(::open(link.c_str(), O_RDONLY | O_CLOEXEC));
  UniqueFd user_ns(self ? ::ioctl(self.get(), NS_GET_USERNS) : -1);
  if (!user_ns) {
    return fail_errno(errno, "cannot open the sandbox's namespaces");
  }
  if (is_ours(user_ns.get())) {
    user_ns.reset();
  }
  return Namespace(std::move(user_ns), std::move(self));
}

bool Namespace::join_users() const {
  return !user_ns_ || ::setns(user_ns_.get(), CLONE_NEWUSER) == 0;
}

bool Namespace::join() const {
  return ::setns(self_.get(), 0) == 0;
}

}  // namespace paddock::support
