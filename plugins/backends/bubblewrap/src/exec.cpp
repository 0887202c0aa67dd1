#include "exec.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "cgroup.hpp"
#include "child.hpp"
#include "layout.hpp"
#include "privileges.hpp"
#include "support/small_file.hpp"

namespace paddock::bubblewrap {
namespace {

constexpr int kAllNamespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                               CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

struct Entry {
  const contract::ExecRequest& request;
  const Record& record;
  std::vector<std::pair<std::string, const char*>> cgroup_files;  ///< file to write, and what
  int pidfd;
  pid_t host;
  std::uint64_t kept;
  int report;  ///< pipe to this process
  std::string channel;
};

// Message on the pipe: a failed step with its errno, or the new gate's PID.
struct Report {
  int step = 0;
  int error = 0;
  pid_t pid = 0;
};

[[noreturn]] void finish(const Entry& entry, const Report& report) {
  [[maybe_unused]] const ssize_t put = ::write(entry.report, &report, sizeof report);
  ::_exit(report.step == 0 ? 0 : 127);
}

[[noreturn]] void give_up(const Entry& entry, ChildStep step) {
  finish(entry, {static_cast<int>(step), errno, 0});
}

bool limit(int which, std::uint64_t value) {
  const rlimit both{value, value};
  return value == 0 || ::setrlimit(static_cast<__rlimit_resource>(which), &both) == 0;
}

// Inside: everything but the descriptors is as the sandbox's first process has it.
[[noreturn]] void become_gate(const Entry& entry) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setsid();
  const contract::GateSpec& gate = entry.request.gate;
  if (!limit(RLIMIT_DATA, entry.record.data_bytes) ||
      !limit(RLIMIT_NPROC, entry.record.processes)) {
    give_up(entry, ChildStep::kLimits);
  }
  if (!wire_descriptors({gate.stdin_fd, gate.stdout_fd, gate.stderr_fd}, {gate.channel})) {
    give_up(entry, ChildStep::kDescriptors);
  }
  if (!keep_only(entry.kept)) {
    give_up(entry, ChildStep::kPrivileges);
  }
  // The sandbox's own read-only bind of the gate: the host's file would be writable through
  // /proc/PID/exe for a workload that is the host's user outside.
  char* argv[] = {const_cast<char*>(kGateTarget), const_cast<char*>(entry.channel.c_str()),
                  nullptr};
  char* environment[] = {nullptr};
  ::execve(kGateTarget, argv, environment);
  give_up(entry, ChildStep::kExec);
}

// Joining a PID namespace holds for children only, so the gate is one; CLONE_PARENT makes it a
// child of the host, which waits for it.
[[noreturn]] void enter(const Entry& entry) {
  default_signals();
  for (const auto& [file, word] : entry.cgroup_files) {
    if (support::write_small_file(file, word) != 0) {
      give_up(entry, ChildStep::kCgroup);
    }
  }
  if (::setns(entry.pidfd, kAllNamespaces) != 0 || ::chdir("/") != 0) {
    give_up(entry, ChildStep::kNamespaces);
  }
  clone_args args{};
  args.flags = CLONE_PARENT;
  const pid_t pid = static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
  if (pid == 0) {
    become_gate(entry);
  }
  if (pid < 0) {
    give_up(entry, ChildStep::kExec);
  }
  finish(entry, {0, 0, pid});
}

std::vector<std::pair<std::string, const char*>> cgroup_files(const contract::Sandbox& sandbox) {
  std::vector<std::pair<std::string, const char*>> files;
  for (const auto& [controller, directory] : sandbox.cgroups) {
    const char* file = controller.empty() ? "/cgroup.procs" : "/tasks";
    const std::string path = directory + file;
    if (files.empty() || files.back().first != path) {
      files.emplace_back(path, "0");
    }
  }
  return files;
}

Result<pid_t> read_reports(int fd, pid_t helper) {
  Report report;
  pid_t gate = 0;
  Result<pid_t> result = fail(ErrorCode::kBackendRefused, "the sandbox ended during exec");
  while (::read(fd, &report, sizeof report) == static_cast<ssize_t>(sizeof report)) {
    if (report.step != 0) {
      result = fail_errno(report.error, step_text(static_cast<ChildStep>(report.step)));
      gate = gate == 0 ? report.pid : gate;
      ::waitpid(helper, nullptr, 0);
      if (gate > 0) {
        ::waitpid(gate, nullptr, 0);
      }
      return result;
    }
    gate = report.pid;
    result = gate;
  }
  ::waitpid(helper, nullptr, 0);
  return result;
}

}  // namespace

Result<pid_t> exec_gate(const contract::ExecRequest& request, const Record& sandbox) {
  const support::UniqueFd pidfd = open_process(sandbox.gate);
  if (!pidfd) {
    return fail(ErrorCode::kBackendRefused, "the sandbox has ended");
  }
  const auto kept = capability_set(request.plan.security.capabilities);
  int ends[2];
  if (!kept || ::pipe2(ends, O_CLOEXEC) != 0) {
    return fail(ErrorCode::kInternal, "the plan keeps an unknown capability");
  }
  const support::UniqueFd reading(ends[0]);
  support::UniqueFd writing(ends[1]);
  const Entry entry{
      request, sandbox,       cgroup_files(request.sandbox),       pidfd.get(), ::getpid(),
      *kept,   writing.get(), std::to_string(request.gate.channel)};
  const pid_t helper = ::fork();
  if (helper == 0) {
    enter(entry);
  }
  if (helper < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  writing.reset();
  return read_reports(reading.get(), helper);
}

}  // namespace paddock::bubblewrap
