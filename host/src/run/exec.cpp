#include "run/exec.hpp"

#include "proof/proof.hpp"
#include "run/entry.hpp"
#include "run/live.hpp"

namespace paddock::run {
namespace {

Result<proof::Ledger> prove_and_require(const Running& running,
                                        Entry& entry,
                                        const contract::Plan& plan) {
  plan::Draft draft = running.record.draft;
  draft.plan = plan;
  auto ledger = prove_entry(running, draft, entry);
  if (!ledger) {
    return ledger;
  }
  if (auto required = proof::require(
          *ledger, draft,
          "the command was not started; sandbox '" + running.state.name + "' itself runs on");
      !required) {
    return fail_as(required);
  }
  return ledger;
}

}  // namespace

Result<Outcome> exec(const Store& store,
                     const ExecOrder& order,
                     SignalWatch& signals,
                     const AnnounceExec& announce) {
  const auto running = open_running(store, order.name);
  if (!running) {
    return fail_as(running);
  }
  const bool terminal = on_terminal();
  auto entry = enter(*running, Streams::open(terminal));
  if (!entry) {
    return fail_as(entry);
  }
  const contract::Plan plan = entered_plan(*running, order.command, terminal);
  const auto ledger = prove_and_require(*running, *entry, plan);
  if (!ledger) {
    return fail_as(ledger);
  }
  announce(running->state, *ledger);
  // From here on signals are kept for the command, which may run before release() returns.
  signals.enter(SignalStage::kLive);
  if (signals.interrupted() != 0) {
    return fail(ErrorCode::kInterrupted,
                "interrupted by signal " + std::to_string(signals.interrupted()));
  }
  if (auto released = entry->channel.release(plan.process); !released) {
    return fail_as(released);
  }
  const Attended attended{entry->pidfd.get(), {running->state.instance, entry->process.record}};
  const auto end = attend(attended, *running->backend, signals, entry->streams);
  if (!end) {
    return fail_as(end);
  }
  Outcome outcome;
  outcome.exit_code = end->exit_code.value_or(125);
  outcome.oom_killed = end->oom_killed;
  return outcome;
}

}  // namespace paddock::run
