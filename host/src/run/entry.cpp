#include "run/entry.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>

#include "os/paths.hpp"
#include "os/process.hpp"
#include "proof/proof.hpp"

namespace paddock::run {
namespace {

constexpr std::chrono::seconds kHelloDeadline{10};

/// Who tells first what is wrong: the backend's program, if it could not enter.
struct Streams {
  std::optional<Terminal> terminal;
  os::UniqueFd null;
  contract::GateSpec spec;
};

Result<Streams> open_streams(bool with_terminal, bool with_streams) {
  Streams streams;
  contract::GateSpec& spec = streams.spec;
  spec.stdin_fd = STDIN_FILENO;
  spec.stdout_fd = STDOUT_FILENO;
  spec.stderr_fd = STDERR_FILENO;
  if (!with_streams) {
    streams.null.reset(::open("/dev/null", O_RDWR | O_CLOEXEC));
    spec.stdin_fd = spec.stdout_fd = spec.stderr_fd = streams.null.get();
  } else if (with_terminal) {
    auto terminal = Terminal::create();
    if (!terminal) {
      return fail_as(terminal);
    }
    spec.stdin_fd = spec.stdout_fd = terminal->worker_fd();
    spec.stderr_fd = ::isatty(STDERR_FILENO) == 1 ? terminal->worker_fd() : STDERR_FILENO;
    streams.terminal.emplace(std::move(*terminal));
  }
  return streams;
}

}  // namespace

contract::Plan entered_plan(const Running& running,
                            std::vector<std::string> command,
                            bool terminal) {
  contract::Plan plan = running.record.draft.plan;
  if (!command.empty()) {
    plan.process.command = std::move(command);
  }
  plan.process.terminal = terminal;
  return plan;
}

Result<Entry> enter(const Running& running, bool with_terminal, bool with_streams) {
  auto streams = open_streams(with_terminal, with_streams);
  auto pair = proof::GateChannel::create();
  if (!streams || !pair) {
    return streams ? fail_as(pair) : fail_as(streams);
  }
  streams->spec.path = os::install_paths().gate.string();
  streams->spec.channel = pair->second.get();
  const contract::Plan plan = entered_plan(running, {}, with_terminal);
  const contract::ExecRequest request{plan, *running.state.sandbox, streams->spec};
  auto process = running.backend->ask<contract::ExecReply>("exec", request);
  if (!process) {
    return fail_as(process);
  }
  Entry entry{std::move(pair->first), std::move(*process), {}, std::move(streams->terminal)};
  pair->second.reset();
  if (auto pidfd = os::open_pidfd(static_cast<pid_t>(entry.process.pid))) {
    entry.pidfd = std::move(*pidfd);
  }
  if (entry.terminal) {
    entry.terminal->close_worker();
  }
  if (auto hello = entry.channel.await_hello(kHelloDeadline); !hello) {
    return fail_as(hello);
  }
  if (auto configured = entry.channel.configure(plan); !configured) {
    return fail_as(configured);
  }
  return entry;
}

Result<proof::Ledger> prove_entry(const Running& running, const plan::Draft& draft, Entry& entry) {
  const auto findings = ask_hardeners(running);
  if (!findings) {
    return fail_as(findings);
  }
  const proof::Subject subject{draft, running.record.prepared, running.record.probe,
                               *running.state.sandbox, static_cast<pid_t>(entry.process.pid)};
  return proof::prove(subject, entry.channel, *findings);
}

}  // namespace paddock::run
