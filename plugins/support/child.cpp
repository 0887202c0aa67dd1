#include "support/child.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace paddock::support {

std::string step_text(ChildStep step) {
  switch (step) {
    case ChildStep::kCgroup:
      return "cannot enter the cgroup";
    case ChildStep::kDescriptors:
      return "cannot hand over descriptors";
    case ChildStep::kPrivileges:
      return "cannot drop privileges";
    case ChildStep::kExec:
      break;
  }
  return "cannot execute";
}

void default_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) {
    ::sigaction(number, &action, nullptr);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool leave_groups() {
  // Not setgroups(3), which stops every thread of the parent that lends this memory.
  return ::geteuid() != 0 || ::syscall(SYS_setgroups, 0, nullptr) == 0 || errno == EPERM;
}

bool leave_keyring() {
  // Refused means: by a kernel without keys, or by a filter that binds the sandbox too.
  return ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) >= 0 || errno == ENOSYS ||
         errno == EPERM;
}

bool enter_tasks(const char* file) {
  const int fd = ::open(file, O_WRONLY | O_CLOEXEC);
  const bool entered = fd >= 0 && ::write(fd, "0", 1) == 1;
  return entered;
}

bool wire_descriptors(const std::array<int, 3>& stdio, const std::vector<int>& inherited) {
  int high[3] = {-1, -1, -1};
  for (int i = 0; i < 3; ++i) {  // out of the way first: they may be each other's numbers
    high[i] = ::fcntl(stdio[static_cast<std::size_t>(i)], F_DUPFD_CLOEXEC, 3);
    if (high[i] < 0) {
      return false;
    }
  }
  for (int i = 0; i < 3; ++i) {
    if (::dup2(high[i], i) < 0) {
      return false;
    }
  }
  if (::syscall(SYS_close_range, 3, UINT_MAX, CLOSE_RANGE_CLOEXEC) != 0) {
    return false;
  }
  for (const int fd : inherited) {
    if (::fcntl(fd, F_SETFD, 0) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace paddock::support
