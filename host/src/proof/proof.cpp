#include "proof/proof.hpp"

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

/// Takes in the results of trials under way, and runs those again that the file system could
/// not answer.
Result<std::vector<Check>> finish_trials(std::vector<Trial> trials, GateChannel& channel) {
  auto results = channel.finish(probes_of(trials), kProbeDeadline);
  if (!results) {
    return fail_as(results);
  }
  const std::vector<Trial> again = second_trials(trials, *results);
  if (again.empty()) {
    return judge(trials, *results);
  }
  const auto more = channel.run(probes_of(again), kProbeDeadline);
  if (!more) {
    return fail_as(more);
  }
  for (std::size_t i = 0; i < again.size(); ++i) {
    for (std::size_t j = 0; j < trials.size(); ++j) {
      if (trials[j].probe.id == again[i].probe.id) {
        trials[j] = again[i];
        (*results)[j] = (*more)[i];
      }
    }
  }
  return judge(trials, *results);
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
  if (tracer && view.host_namespaces && tracer->at("pid") == view.host_namespaces->at("pid")) {
    return {};
  }
  return fail(ErrorCode::kGate,
              "process " + std::to_string(status->tracer) + " of the sandbox traces the gate, " +
                  "whose answers are then worth nothing",
              "the workload tries to deceive: stop the sandbox");
}

Result<Ledger> prove_view(const View& view,
                          GateChannel& channel,
                          const std::vector<contract::VerifyReply>& plugin_findings) {
  std::vector<Trial> trials = make_trials(view);
  if (auto untraced = refuse_tracer(view); !untraced) {
    return fail_as(untraced);
  }
  if (auto started = channel.start(probes_of(trials), kProbeDeadline); !started) {
    return fail_as(started);
  }
  std::vector<Check> checks = check_view(view);  // while the gate is at the trials
  auto tried = finish_trials(std::move(trials), channel);
  if (!tried) {
    return fail_as(tried);
  }
  if (auto untraced = refuse_tracer(view); !untraced) {
    return fail_as(untraced);
  }
  if (view.subject.handed_over) {
    for (Check& check : *tried) {
      check.evidence = contract::Evidence::kReported;
    }
  }
  checks.insert(checks.end(), std::make_move_iterator(tried->begin()),
                std::make_move_iterator(tried->end()));
  return assemble(view.subject, std::move(checks), plugin_findings);
}

}  // namespace

std::vector<Check> check_kernel(const Subject& subject) {
  return check_view(look(subject, 0));
}

Result<Ledger> prove(const Subject& subject,
                     GateChannel& channel,
                     const std::vector<contract::VerifyReply>& plugin_findings) {
  const View view = look(subject, channel.peer_inode());
  if (!view.is_gate) {
    return fail(ErrorCode::kGate, "process " + std::to_string(subject.pid) + " is not the gate",
                "the backend named another process than the one that waits");
  }
  if (auto held = channel.hold(view.plan().process); !held) {
    return fail_as(held);
  }
  return prove_view(view, channel, plugin_findings);
}

Result<Ledger> prove_running(const Subject& subject,
                             GateChannel& channel,
                             const std::vector<contract::VerifyReply>& plugin_findings) {
  return prove_view(look(subject, 0), channel, plugin_findings);
}

}  // namespace paddock::proof
