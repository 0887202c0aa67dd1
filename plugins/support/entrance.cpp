#include "support/entrance.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>

#include "support/capability_names.hpp"
#include "support/spawn.hpp"

namespace paddock::support {
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

struct Pipe {
  UniqueFd reading, writing;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot make a pipe");
  }
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Result<Launch> launch_of(const Entrance& entrance,
                         const std::string& gate_inside,
                         const contract::GateSpec& gate,
                         int report) {
  const auto kept = capability_set(entrance.capabilities);
  if (!kept) {
    return fail(ErrorCode::kInternal, "the plan keeps an unknown capability");
  }
  Launch launch;
  launch.program = gate.path;
  // The sandbox's own read-only bind of the gate is what runs inside: the host's file would be
  // writable through /proc/PID/exe for a workload that is the host's user outside.
  launch.argv = {"paddock-gate", "enter", gate_inside};
  for (const std::uint64_t number :
       {static_cast<std::uint64_t>(gate.channel),
        static_cast<std::uint64_t>(entrance.process.get()), static_cast<std::uint64_t>(report),
        static_cast<std::uint64_t>(entrance.namespaces), *kept, entrance.data_bytes,
        entrance.processes, std::uint64_t{entrance.user}, std::uint64_t{entrance.group},
        static_cast<std::uint64_t>(entrance.filters ? entrance.filters.get() : 0)}) {
    launch.argv.push_back(std::to_string(number));
  }
  launch.stdio = {gate.stdin_fd, gate.stdout_fd, gate.stderr_fd};
  launch.inherited = {gate.channel, entrance.process.get(), report};
  if (entrance.filters) {
    launch.inherited.push_back(entrance.filters.get());
  }
  for (const auto& [version, directory] : entrance.cgroups) {
    if (auto joined = launch.join_cgroup(version, directory); !joined) {
      return fail_as(joined);
    }
  }
  return launch;
}

}  // namespace

Result<pid_t> enter(const Entrance& entrance,
                    const std::string& gate_inside,
                    const contract::GateSpec& gate) {
  auto report = make_pipe();
  if (!report) {
    return fail_as(report);
  }
  const auto launch = launch_of(entrance, gate_inside, gate, report->writing.get());
  const auto helper = launch ? spawn(*launch) : fail_as(launch);
  if (!helper) {
    return fail_as(helper);
  }
  report->writing.reset();
  return await_gate(report->reading.get(), helper->pid);
}

}  // namespace paddock::support
