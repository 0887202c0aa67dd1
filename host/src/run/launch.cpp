#include "run/launch.hpp"

#include "base/log.hpp"
#include "profile/background.hpp"
#include "run/fault.hpp"
#include "run/live.hpp"
#include "run/receipts.hpp"
#include "run/steps.hpp"
#include "run/warm.hpp"

namespace paddock::run {
namespace {

struct Step {
  const char* name;
  Result<void> (*act)(Session&);
};

constexpr Step kPlanning[] = {{"profile", load_profile}, {"plan", plan_launch}};
constexpr Step kBringingUp[] = {
    {"image", provide_image},   {"claim", claim_name},
    {"hooks", load_hooks},      {"hooks-before", hooks_before},
    {"digests", start_digests}, {"prepare", prepare},
    {"journal", journal},       {"volumes", volumes},
    {"turn", await_turn},       {"create", create},
    {"attach", attach},         {"prove", prove},
    {"record", record},
};

Result<void> perform(const Step& step, Session& session) {
  log::info(std::string("step ") + step.name);
  auto done = step.act(session);
  session.timings.mark(step.name);
  fault_point(step.name);
  return done;
}

Result<void> check_interrupt(const SignalWatch& signals) {
  if (const int number = signals.interrupted(); number != 0) {
    return fail(ErrorCode::kInterrupted, "interrupted by signal " + std::to_string(number));
  }
  return {};
}

Result<void> bring_up(Session& session, SignalWatch& signals, const Announce& announce) {
  for (const Step& step : kBringingUp) {
    if (auto going = check_interrupt(signals); !going) {
      return going;
    }
    if (auto done = perform(step, session); !done) {
      return done;
    }
  }
  if (session.order.warm) {  // its keeper releases it when somebody takes it
    announce.running(session);
    return {};
  }
  announce.proved(session);
  // From here on signals are kept for the workload, which may run before release() returns.
  signals.enter(SignalStage::kLive);
  if (auto going = check_interrupt(signals); !going) {
    return going;
  }
  auto released = perform({"release", release}, session);
  if (released && announce.running) {
    announce.running(session);
  }
  return released;
}

/// What failed is told; what could not be undone is added to it.
Failure undo(Session& session, SignalWatch& signals, Error error) {
  signals.enter(SignalStage::kCleanUp);
  if (auto undone = take_down(session, std::nullopt); !undone) {
    error.others.push_back(undone.error());
    error.hints.push_back("`paddock gc` clears what is left");
  }
  error.others.insert(error.others.end(), session.hook_failures.begin(),
                      session.hook_failures.end());
  return Failure(std::move(error));
}

/// By its policy; never what somebody stopped.
bool wants_restart(const Session& session, int exit_code, const SignalWatch& signals) {
  if (!session.order.background || session.store.is_marked_stopped(session.state.name) ||
      signals.ended_by_signal()) {
    return false;
  }
  const auto policy = profile::background_of(session.profile).restart;
  return policy == profile::Restart::kAlways ||
         (policy == profile::Restart::kOnFailure && exit_code != 0);
}

Result<Outcome> live_and_end(Session& session, SignalWatch& signals) {
  std::optional<os::Task<Result<void>>> receipt;
  const auto begin = [&] { receipt.emplace([&session] { return write_receipt(session); }); };
  if (session.order.warm) {
    offer(session, begin);
  } else {
    begin();
  }
  const Attended attended{session.pidfd.get(),
                          {session.state.instance, session.state.sandbox->record}};
  const auto end = session.keeper
                       ? attend(attended, *session.planned.backend, signals, *session.keeper)
                       : attend(attended, *session.planned.backend, signals, *session.streams);
  signals.enter(SignalStage::kCleanUp);
  session.timings.mark("live");
  if (const auto* written = receipt ? &receipt->wait() : nullptr; written != nullptr && !*written) {
    log::warn("no receipt: " + written->error().what);
  }
  session.timings.mark("receipt");
  if (end && session.order.warm) {  // who took it need not wait for the rest
    session.keeper->tell_end(end->exit_code, end->oom_killed);
  }
  Outcome outcome;
  if (end) {
    outcome.exit_code = end->exit_code.value_or(125);
    outcome.oom_killed = end->oom_killed;
    session.state.oom_killed = end->oom_killed;
    session.restarts = wants_restart(session, outcome.exit_code, signals);
  }
  if (auto down = take_down(session, end ? end->exit_code : std::nullopt); !down) {
    outcome.clean_up = down.error();
  }
  outcome.hooks = session.hook_failures;
  session.timings.mark("end");
  if (session.keeper) {
    session.keeper->tell_end(session.state.exit_code, outcome.oom_killed);
  }
  return end ? Result<Outcome>(std::move(outcome)) : fail_as(end);
}

std::string farewell_text(const Session& session) {
  return "paddock: clean-up skipped; left: sandbox '" + session.state.name +
         "'; `paddock gc` removes it\n";
}

}  // namespace

Result<void> make_plan(Session& session) {
  for (const Step& step : kPlanning) {
    if (auto done = perform(step, session); !done) {
      return done;
    }
  }
  return {};
}

Result<Outcome> launch(Session& session, SignalWatch& signals, const Announce& announce) {
  session.signals = &signals;
  if (auto planned = make_plan(session); !planned) {
    return fail_as(planned);
  }
  signals.set_farewell(farewell_text(session));
  if (auto up = bring_up(session, signals, announce); !up) {
    return undo(session, signals, up.error());
  }
  session.turn.reset();
  return live_and_end(session, signals);
}

}  // namespace paddock::run
