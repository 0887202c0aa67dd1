#include "base/log.hpp"
#include "run/fault.hpp"
#include "run/names.hpp"
#include "run/steps.hpp"

namespace paddock::run {
namespace {

/// The first failure is told, the rest is logged: every step is tried.
class FirstFailure {
 public:
  template <typename T>
  void note(const Result<T>& result) {
    if (result) {
      return;
    }
    if (first_) {
      log::warn(result.error().what);
    } else {
      first_ = result.error();
    }
  }
  bool any() const { return first_.has_value(); }
  Result<void> take() { return first_ ? Failure(std::move(*first_)) : Result<void>{}; }

 private:
  std::optional<Error> first_;
};

void release_hardeners(Session& session, FirstFailure& failures) {
  for (auto ref = session.state.attached.rbegin(); ref != session.state.attached.rend(); ++ref) {
    for (const auto& hardener : session.planned.hardeners) {
      if (hardener->manifest().id == ref->id && hardener->manifest().answers("release")) {
        const contract::SandboxRequest request{session.plan(), *session.state.sandbox};
        failures.note(hardener->ask<contract::Empty>("release", request));
      }
    }
  }
}

void remove_sandbox(Session& session, FirstFailure& failures) {
  const State& state = session.state;
  const contract::RemoveRequest request{state.instance, session.runtime_dir().string(),
                                        state.objects, state.sandbox};
  failures.note(session.planned.backend->ask<contract::Empty>("remove", request));
}

/// Once the launch came to its hooks, whether the workload ever ran or not: those before it may
/// have made something. What a hook fails at is told and does not keep the rest.
void hooks_after(Session& session, std::optional<int> exit_code, FirstFailure& failures) {
  if (session.state.hooks.empty()) {
    return;  // none, or not come that far
  }
  const contract::HookRequest request{contract::HookPhase::kAfterStop, session.plan(), exit_code};
  for (auto hook = session.hooks.rbegin(); hook != session.hooks.rend(); ++hook) {
    if (hook->phase == request.phase) {
      failures.note(hook->plugin->ask<contract::Empty>("run", request));
    }
  }
}

Result<void> settle(Session& session) {
  if (!session.ran) {
    return session.store.discard(session.state.name);
  }
  session.state.phase = Phase::kEnded;
  session.state.ended_at = now_text();
  if (auto saved = session.store.save(session.state); !saved) {
    return saved;
  }
  fault_point("ended");
  return session.store.retire(session.state.name);
}

}  // namespace

Result<void> take_down(Session& session, std::optional<int> exit_code) {
  FirstFailure failures;
  session.channel.reset();
  if (session.came_up) {
    release_hardeners(session, failures);
    fault_point("hardeners-released");
    remove_sandbox(session, failures);
    fault_point("removed");
  }
  const bool clean = !failures.any();
  hooks_after(session, exit_code, failures);
  fault_point("hooks-after");
  if (clean && session.lock) {
    failures.note(settle(session));  // otherwise the journal stays, for gc
  }
  return failures.take();
}

}  // namespace paddock::run
