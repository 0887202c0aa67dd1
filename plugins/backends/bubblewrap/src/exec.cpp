#include "exec.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>

#include "layout.hpp"
#include "spawn.hpp"
#include "support/capability_names.hpp"

namespace paddock::bubblewrap {
namespace {

// Bit N for capability N; nullopt for a name that is none.
std::optional<std::uint64_t> capability_set(const std::vector<std::string>& names) {
  std::uint64_t set = 0;
  for (const std::string& name : names) {
    const auto number = support::capability_number(name);
    if (!number) {
      return std::nullopt;
    }
    set |= std::uint64_t{1} << *number;
  }
  return set;
}

Result<void> join_cgroups(Launch& launch, const contract::Sandbox& sandbox) {
  for (const auto& [controller, directory] : sandbox.cgroups) {
    if (auto joined = launch.join_cgroup(controller.empty() ? 2 : 1, directory); !joined) {
      return joined;
    }
  }
  return {};
}

std::string read_to_end(int fd) {
  std::string text;
  char bytes[256];
  for (ssize_t got = 1; got > 0 || (got < 0 && errno == EINTR);) {
    got = ::read(fd, bytes, sizeof bytes);
    text.append(bytes, static_cast<std::size_t>(got > 0 ? got : 0));
  }
  return text;
}

// What the entering gate reports, read to its end, which comes when the gate inside runs.
struct Report {
  pid_t gate = 0;
  std::optional<Failure> failure;
};

Report parse_report(std::string_view text) {
  Report report;
  while (!text.empty()) {
    const std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    char* rest = nullptr;
    const int number = static_cast<int>(std::strtol(line.c_str(), &rest, 10));
    rest += *rest == ' ' ? 1 : 0;
    if (number == 0) {
      report.gate = std::atoi(rest);
    } else {
      report.failure = fail_errno(number, rest);
    }
  }
  return report;
}

Result<pid_t> await_gate(int reading, pid_t helper) {
  Report report = parse_report(read_to_end(reading));
  ::waitpid(helper, nullptr, 0);
  if (report.gate > 0 && !report.failure) {
    return report.gate;
  }
  if (report.gate > 0) {
    ::waitpid(report.gate, nullptr, 0);
  }
  return report.failure ? *report.failure
                        : fail(ErrorCode::kBackendRefused, "the sandbox ended during exec");
}

}  // namespace

Result<pid_t> exec_gate(const contract::ExecRequest& request, const Record& sandbox) {
  const support::UniqueFd pidfd = open_process(sandbox.gate);
  if (!pidfd) {
    return fail(ErrorCode::kBackendRefused, "the sandbox has ended");
  }
  const auto kept = capability_set(request.plan.security.capabilities);
  if (!kept) {
    return fail(ErrorCode::kInternal, "the plan keeps an unknown capability");
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot make a pipe");
  }
  const support::UniqueFd reading(ends[0]);
  support::UniqueFd writing(ends[1]);
  const contract::GateSpec& gate = request.gate;
  Launch launch;
  launch.program = gate.path;
  // The sandbox's own read-only bind of the gate is what runs inside: the host's file would be
  // writable through /proc/PID/exe for a workload that is the host's user outside.
  launch.argv = {"paddock-gate",
                 "enter",
                 kGateTarget,
                 std::to_string(gate.channel),
                 std::to_string(pidfd.get()),
                 std::to_string(writing.get()),
                 std::to_string(*kept),
                 std::to_string(sandbox.data_bytes),
                 std::to_string(sandbox.processes)};
  launch.stdio = {gate.stdin_fd, gate.stdout_fd, gate.stderr_fd};
  launch.inherited = {gate.channel, pidfd.get(), writing.get()};
  if (auto joined = join_cgroups(launch, request.sandbox); !joined) {
    return fail_as(joined);
  }
  const auto helper = spawn(launch);
  if (!helper) {
    return fail_as(helper);
  }
  writing.reset();
  return await_gate(reading.get(), helper->pid);
}

}  // namespace paddock::bubblewrap
