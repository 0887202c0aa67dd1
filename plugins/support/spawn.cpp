#include "support/spawn.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "support/child.hpp"
#include "support/lent_memory.hpp"

namespace paddock::support {
namespace {

// Everything that the child needs, laid out before it exists: it may not allocate.
struct Prepared {
  const Launch* launch;
  std::vector<char*> argv;
  std::vector<char*> environment;
  pid_t parent;
  int report[2];  ///< pipe: step and errno of a child that failed
};

[[noreturn]] void give_up(const Prepared& prepared, ChildStep step) {
  const int report[2] = {static_cast<int>(step), errno};
  [[maybe_unused]] const ssize_t put = ::write(prepared.report[1], report, sizeof report);
  ::_exit(127);
}

[[noreturn]] void run_child(const Prepared& prepared) {
  const Launch& launch = *prepared.launch;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != prepared.parent) {
    ::_exit(127);  // the host died before the line above
  }
  default_signals();
  ::setsid();
  if (!leave_groups() || !leave_keyring()) {
    give_up(prepared, ChildStep::kPrivileges);
  }
  for (const std::string& file : launch.tasks) {
    if (!enter_tasks(file.c_str())) {
      give_up(prepared, ChildStep::kCgroup);
    }
  }
  if (!wire_descriptors(launch.stdio, launch.inherited)) {
    give_up(prepared, ChildStep::kDescriptors);
  }
  ::execve(launch.program.c_str(), prepared.argv.data(), prepared.environment.data());
  give_up(prepared, ChildStep::kExec);
}

// vfork lends this process's memory, so nothing is copied; clone3 is needed to be born in a
// version 2 cgroup, where moving later would wait for an RCU grace period.
pid_t start(const Prepared& prepared) {
  if (!prepared.launch->cgroup) {
    const pid_t pid = ::vfork();
    if (pid == 0) {
      run_child(prepared);
    }
    return pid;
  }
  clone_args args{};
  args.flags = CLONE_INTO_CGROUP | CLONE_VFORK;
  args.exit_signal = SIGCHLD;
  args.cgroup = static_cast<__u64>(prepared.launch->cgroup.get());
  const pid_t pid = static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
  if (pid == 0) {
    run_child(prepared);
  }
  return pid;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (const std::string& word : words) {
    list.push_back(const_cast<char*>(word.c_str()));
  }
  list.push_back(nullptr);
  return list;
}

}  // namespace

Result<void> Launch::join_cgroup(int version, const std::string& directory) {
  if (version == 1) {
    const std::string file = directory + "/tasks";
    if (std::find(tasks.begin(), tasks.end(), file) == tasks.end()) {
      tasks.push_back(file);  // one directory may hold several controllers
    }
    return {};
  }
  cgroup.reset(::open(directory.c_str(), O_DIRECTORY | O_PATH | O_CLOEXEC));
  return cgroup ? Result<void>() : fail_errno(errno, "cannot open '" + directory + "'");
}

Result<Child> spawn(const Launch& launch) {
  Prepared prepared{&launch, pointers(launch.argv), pointers(launch.environment), ::getpid(), {}};
  if (::pipe2(prepared.report, O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot make a pipe");
  }
  const UniqueFd reading(prepared.report[0]);
  UniqueFd writing(prepared.report[1]);
  const SignalsBlocked blocked;  // no handler of this process may run in the child
  const pid_t pid = start(prepared);
  const int error = errno;
  writing.reset();
  if (pid < 0) {
    return fail_errno(error, "cannot start '" + launch.program + "'");
  }
  int report[2] = {0, 0};
  if (::read(reading.get(), report, sizeof report) == static_cast<ssize_t>(sizeof report)) {
    ::waitpid(pid, nullptr, 0);
    return fail_errno(
        report[1], step_text(static_cast<ChildStep>(report[0])) + " for '" + launch.program + "'");
  }
  Child child{pid, UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)))};
  if (!child.pidfd) {
    const int number = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return fail_errno(number, "cannot watch '" + launch.program + "'");
  }
  return child;
}

}  // namespace paddock::support
