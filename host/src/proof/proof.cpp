#include "proof/proof.hpp"

#include <unistd.h>

#include "proof/trials.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

using namespace std::chrono_literals;

/// Probes take microseconds; a gate that needs longer hangs.
constexpr auto kProbeDeadline = 10s;

std::vector<Check> check_view(const View& view) {
  std::vector<Check> checks;
  checks.reserve(64);
  check_identity(view, checks);
  check_isolation(view, checks);
  check_process(view, checks);
  check_mounts(view, checks);
  check_network(view, checks);
  check_paths(view, checks);
  check_resources(view, checks);
  check_volumes(view, checks);
  return checks;
}

std::vector<Probe> probes_of(const std::vector<Trial>& trials) {
  std::vector<Probe> probes;
  probes.reserve(trials.size());
  for (const Trial& trial : trials) {
    probes.push_back(trial.probe);
  }
  return probes;
}

/// A process that traces the gate writes its answers. Who traces from outside, as a debugger of
/// paddock itself, is no part of the sandbox. One that attaches and lets go while the gate is at
/// its trials goes unseen: why their evidence is a report once a workload runs.
Result<void> refuse_tracer(const View& view) {
  const Subject& subject = view.subject;
  const pid_t gate = subject.prober != 0 ? subject.prober : subject.pid;
  const auto status = os::read_status(gate);
  if (!status) {
    return fail_as(status);
  }
  if (status->tracer == 0) {
    return {};
  }
  const auto tracer = os::read_namespaces(status->tracer);
  const auto own = os::read_namespaces(::getpid());
  if (tracer && own && tracer->at("pid") == own->at("pid")) {
    return {};
  }
  return fail(ErrorCode::kGate,
              "process " + std::to_string(status->tracer) + " of the sandbox traces the gate, " +
                  "whose answers are then worth nothing",
              "the workload tries to deceive: stop the sandbox");
}

template <typename Item>
void append(std::vector<Item>& list, std::vector<Item> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

/// Trials and what came of them, as far as they went.
struct Tried {
  std::vector<Trial> trials;
  std::vector<ProbeResult> results;

  /// Takes in the results of `more`, which are under way.
  Result<void> finish(std::vector<Trial> more, GateChannel& channel) {
    auto told = channel.finish(probes_of(more), kProbeDeadline);
    if (!told) {
      return fail_as(told);
    }
    append(trials, std::move(more));
    append(results, std::move(*told));
    return {};
  }
};

/// While the gate is at the first trials this looks around the sandbox and thinks of the others,
/// and while it is at those this makes `checks` of all that was seen. In between the gate is still.
Result<Tried> try_and_look(View& view, GateChannel& channel, std::vector<Check>& checks) {
  Tried tried;
  std::vector<Trial> early = early_trials(view);
  if (auto started = channel.start(probes_of(early), kProbeDeadline); !started) {
    return fail_as(started);
  }
  look_around(view);
  std::vector<Trial> late = late_trials(view);
  if (auto done = tried.finish(std::move(early), channel); !done) {
    return fail_as(done);
  }
  look_inside(view);
  try_limits(view, late);
  if (auto started = channel.start(probes_of(late), kProbeDeadline); !started) {
    return fail_as(started);
  }
  checks = check_view(view);
  auto done = tried.finish(std::move(late), channel);
  return done ? Result<Tried>(std::move(tried)) : fail_as(done);
}

/// Judges the results, and runs those trials again that the file system could not answer.
Result<std::vector<Check>> settle_trials(Tried tried, GateChannel& channel) {
  auto& [trials, results] = tried;
  const std::vector<Trial> again = second_trials(trials, results);
  if (again.empty()) {
    return judge(trials, results);
  }
  const auto more = channel.run(probes_of(again), kProbeDeadline);
  if (!more) {
    return fail_as(more);
  }
  for (std::size_t i = 0; i < again.size(); ++i) {
    for (std::size_t j = 0; j < trials.size(); ++j) {
      if (trials[j].probe.id == again[i].probe.id) {
        trials[j] = again[i];
        results[j] = (*more)[i];
      }
    }
  }
  return judge(trials, results);
}

/// Everything that is seen from outside and tried inside.
Result<std::vector<Check>> make_checks(View& view, GateChannel& channel) {
  std::vector<Check> checks;
  auto tried = try_and_look(view, channel, checks);
  auto more = tried ? settle_trials(std::move(*tried), channel) : fail_as(tried);
  if (!more) {
    return more;
  }
  for (Check& check : *more) {
    check.evidence = view.subject.handed_over ? contract::Evidence::kReported : check.evidence;
  }
  append(checks, std::move(*more));
  return checks;
}

Result<Ledger> prove_view(View view,
                          GateChannel& channel,
                          const std::vector<contract::VerifyReply>& plugin_findings) {
  if (auto untraced = refuse_tracer(view); !untraced) {
    return fail_as(untraced);
  }
  auto checks = make_checks(view, channel);
  if (!checks) {
    return fail_as(checks);
  }
  if (auto untraced = refuse_tracer(view); !untraced) {
    return fail_as(untraced);
  }
  return assemble(view.subject, std::move(*checks), plugin_findings);
}

/// Where the gate is no process of the host's: its kernel.
Result<void> find_kernel(View& view) {
  auto guest = find_guest(view.subject, view);
  if (!guest) {
    return fail_as(guest);
  }
  view.guest = std::move(*guest);
  view.is_gate = true;  // whoever runs it, nobody else answers the channel
  return {};
}

}  // namespace

std::vector<Check> check_kernel(const Subject& subject) {
  return check_view(look(subject, 0));
}

Result<Ledger> prove(const Subject& subject,
                     GateChannel& channel,
                     const std::vector<contract::VerifyReply>& plugin_findings) {
  View view = glance(subject, channel.peer_inode());
  if (auto found = view.is_gate ? Result<void>{} : find_kernel(view); !found) {
    return fail_as(found);
  }
  auto given = subject.unassigned ? Result<void>{} : channel.give(view.plan().process);
  if (given && view.guest) {
    given = ask_guest(*view.guest, subject, channel, false);
  }
  if (!given) {
    return fail_as(given);
  }
  return prove_view(std::move(view), channel, plugin_findings);
}

Result<Ledger> prove_running(const Subject& subject,
                             GateChannel& channel,
                             const std::vector<contract::VerifyReply>& plugin_findings) {
  View view = glance(subject, 0);
  if (entered_guest(subject.sandbox, channel)) {
    view.channel_inode = channel.peer_inode();
    auto asked = find_kernel(view);
    view.channel_inode = 0;  // the first process is no gate that waits
    asked = asked ? ask_guest(*view.guest, subject, channel, true) : asked;
    if (!asked) {
      return fail_as(asked);
    }
  }
  return prove_view(std::move(view), channel, plugin_findings);
}

}  // namespace paddock::proof
