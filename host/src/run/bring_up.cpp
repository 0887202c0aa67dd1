#include <chrono>

#include "os/paths.hpp"
#include "os/process.hpp"
#include "profile/background.hpp"
#include "proof/proof.hpp"
#include "run/plugins.hpp"
#include "run/steps.hpp"
#include "run/turn.hpp"
#include "run/volumes.hpp"

namespace paddock::run {
namespace {

constexpr std::chrono::seconds kHelloDeadline{10};
constexpr std::chrono::seconds kCreateDeadline{30};

contract::GateSpec gate_spec(const Session& session, const os::UniqueFd& channel) {
  contract::GateSpec spec;
  spec.path = os::install_paths().gate.string();
  spec.channel = channel.get();
  session.streams->describe(spec);
  return spec;
}

void note_gate(Session& session, const contract::Sandbox& sandbox) {
  session.state.sandbox = sandbox;
  session.state.gate_pid = sandbox.pid;
  const auto pid = static_cast<pid_t>(sandbox.pid);
  session.state.gate_start_time = os::start_time(pid).value_or(0);
  if (auto pidfd = os::open_pidfd(pid)) {
    session.pidfd = std::move(*pidfd);
  }
}

Result<std::vector<contract::VerifyReply>> ask_hardeners(Session& session) {
  std::vector<contract::VerifyReply> findings;
  const contract::SandboxRequest request{session.plan(), *session.state.sandbox};
  for (const auto& hardener : session.planned.hardeners) {
    if (!hardener->manifest().answers("verify")) {
      continue;
    }
    if (auto ready = session.channel->confirm(); !ready) {
      return fail_as(ready);
    }
    auto reply = hardener->ask<contract::VerifyReply>("verify", request);
    if (!reply) {
      return fail_as(reply);
    }
    findings.push_back(std::move(*reply));
    session.state.verifiers.push_back(reference(session.profile, hardener->manifest()));
  }
  return findings;
}

Result<void> open_keeper(Session& session) {
  const std::string& name = session.state.name;
  if (!session.order.background) {
    session.store.drop_log(name);  // of another one of that name
    return {};
  }
  auto log = session.store.open_log(name, session.order.resumes,
                                    profile::background_of(session.profile).log_bytes);
  auto listener = log ? keep::listen_in(session.store.directory(name), kKeeperSocket)
                      : Result<os::UniqueFd>(fail_as(log));
  if (!listener) {
    return fail_as(listener);
  }
  session.keeper = std::make_unique<keep::Keeper>(std::move(session.ends), std::move(*log),
                                                  std::move(*listener), session.pidfd.get());
  return {};
}

}  // namespace

void start_papers(Session& session) {
  session.papers.emplace([directory = session.store.directory(session.state.name),
                          &planned = session.planned] { return write_papers(directory, planned); });
}

Result<void> journal(Session& session) {
  session.state.objects = session.planned.prepared.objects;
  session.state.volumes = volumes_of(session.plan());
  return session.store.save(session.state);
}

Result<void> volumes(Session& session) {
  auto provided = provide_volumes(session.planned.draft.plan, VolumeStore::of_user(),
                                  *session.planned.backend, session.state.backend);
  if (provided) {
    start_papers(session);  // the plan changes no more
  }
  return provided;
}

Result<void> await_turn(Session& session) {
  const unsigned at_once = turns_at_once();
  auto turn = take_turn(
      session.store.root() / "turns", session.state.backend.id, at_once,
      [&] { return session.signals->interrupted() != 0; }, [&] { session.waits(at_once); });
  if (!turn) {
    return fail_as(turn);
  }
  session.turn = std::move(*turn);
  return {};
}

Result<void> create(Session& session) {
  auto streams = session.order.background
                     ? Streams::background(*session.order.background, session.ends)
                     : Streams::open(session.plan().process.terminal);
  if (!streams) {
    return fail_as(streams);
  }
  session.streams.emplace(std::move(*streams));
  session.state.terminal = session.streams->terminal_identity();
  auto pair = proof::GateChannel::create();
  if (!pair) {
    return fail_as(pair);
  }
  session.channel.emplace(std::move(pair->first));
  session.came_up = true;
  const contract::CreateRequest request{session.plan(), session.state.instance,
                                        session.runtime_dir().string(),
                                        gate_spec(session, pair->second)};
  auto sandbox =
      session.planned.backend->ask<contract::Sandbox>("create", request, kCreateDeadline);
  if (!sandbox) {
    return fail_as(sandbox);
  }
  note_gate(session, *sandbox);
  pair->second.reset();
  session.streams->hand_over();
  return session.channel->await_hello(kHelloDeadline);
}

Result<void> attach(Session& session) {
  const contract::SandboxRequest request{session.plan(), *session.state.sandbox};
  for (const auto& hardener : session.planned.hardeners) {
    if (!hardener->manifest().answers("attach")) {
      continue;
    }
    session.state.phase = Phase::kWaiting;
    session.state.attached.push_back(reference(session.profile, hardener->manifest()));
    if (auto saved = session.store.save(session.state); !saved) {
      return saved;
    }
    if (auto reply = hardener->ask<contract::Empty>("attach", request); !reply) {
      return fail_as(reply);
    }
  }
  return {};
}

Result<void> prove(Session& session) {
  auto told = session.order.warm ? session.channel->configure(session.plan())
                                 : session.channel->begin(session.plan());
  return told ? examine(session, session.order.warm) : told;
}

Result<void> examine(Session& session, bool unassigned) {
  const auto findings = ask_hardeners(session);
  if (!findings) {
    return fail_as(findings);
  }
  const proof::Subject subject{session.planned.draft,
                               session.planned.prepared,
                               session.planned.probe,
                               *session.state.sandbox,
                               static_cast<pid_t>(session.state.gate_pid),
                               {},
                               session.state.terminal,
                               unassigned};
  auto ledger = proof::prove(subject, *session.channel, *findings);
  if (!ledger) {
    return fail_as(ledger);
  }
  session.ledger = std::move(*ledger);
  return proof::require(session.ledger, session.planned.draft,
                        "the command was not started, and the sandbox is gone");
}

Result<void> record(Session& session) {
  if (const auto& written = session.papers->wait(); !written) {
    return fail_as(written);
  }
  if (auto kept = open_keeper(session); !kept) {
    return kept;
  }
  session.state.phase = session.order.warm ? Phase::kWarm : Phase::kRunning;
  return session.store.save(session.state);
}

Result<void> release(Session& session) {
  auto released = session.channel->release(session.plan().process);
  session.channel.reset();
  session.ran = released.has_value();
  return released;
}

}  // namespace paddock::run
