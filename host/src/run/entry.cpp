#include "run/entry.hpp"

#include <chrono>

#include "os/paths.hpp"
#include "os/process.hpp"
#include "proof/guest.hpp"
#include "proof/proof.hpp"

namespace paddock::run {
namespace {

constexpr std::chrono::seconds kHelloDeadline{10};

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

Result<Entry> enter(const Running& running, Result<Streams> streams) {
  auto pair = proof::GateChannel::create();
  if (!streams || !pair) {
    return streams ? fail_as(pair) : fail_as(streams);
  }
  contract::GateSpec spec;
  spec.path = os::install_paths().gate.string();
  spec.channel = pair->second.get();
  streams->describe(spec);
  const contract::Plan plan = entered_plan(running, {}, streams->terminal().has_value());
  const contract::ExecRequest request{plan, *running.state.sandbox, spec};
  auto process = running.backend->ask<contract::ExecReply>("exec", request);
  if (!process) {
    return fail_as(process);
  }
  Entry entry{std::move(pair->first), std::move(*process), {}, std::move(*streams)};
  pair->second.reset();
  if (auto pidfd = os::open_pidfd(static_cast<pid_t>(entry.process.pid))) {
    entry.pidfd = std::move(*pidfd);
  }
  entry.streams.hand_over();
  if (auto hello = entry.channel.await_hello(kHelloDeadline); !hello) {
    return fail_as(hello);
  }
  if (auto configured = entry.channel.configure(plan); !configured) {
    return fail_as(configured);
  }
  return entry;
}

pid_t entered_pid(const Running& running, const Entry& entry) {
  const contract::Sandbox& sandbox = *running.state.sandbox;
  return static_cast<pid_t>(proof::entered_guest(sandbox, entry.channel) ? sandbox.pid
                                                                         : entry.process.pid);
}

Result<proof::Ledger> prove_entry(const Running& running, const plan::Draft& draft, Entry& entry) {
  const auto findings = ask_hardeners(running);
  if (!findings) {
    return fail_as(findings);
  }
  const proof::Subject subject{draft,
                               running.record.prepared,
                               running.record.probe,
                               *running.state.sandbox,
                               entered_pid(running, entry),
                               {},
                               running.state.terminal,
                               false,
                               entered_pid(running, entry),
                               true};
  return proof::prove(subject, entry.channel, *findings);
}

}  // namespace paddock::run
