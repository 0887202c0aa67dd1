#include "run/clear.hpp"
#include "run/fault.hpp"
#include "run/names.hpp"
#include "run/steps.hpp"

namespace paddock::run {
namespace {

/// The plugins are still there.
Result<plugin::Instance*> find_plugin(const Session& session, const PluginRef& ref) {
  for (const auto& hardener : session.planned.hardeners) {
    if (hardener->manifest().id == ref.id) {
      return hardener.get();
    }
  }
  for (const Hook& hook : session.hooks) {
    if (hook.ref == ref && hook.phase == contract::HookPhase::kAfterStop) {
      return hook.plugin.get();
    }
  }
  return session.planned.backend.get();
}

Leftovers clear_away(Session& session) {
  const auto find = [&](const PluginRef& ref) { return find_plugin(session, ref); };
  if (!session.came_up) {
    return {{}, {}, tell_hooks(session.state, session.plan(), find)};
  }
  return clear(session.runtime_dir(), session.state, session.plan(), find);
}

}  // namespace

Result<void> end(Session& session) {
  session.state.phase = Phase::kEnded;
  session.state.ended_at = now_text();
  if (auto saved = session.store.save(session.state); !saved) {
    return saved;
  }
  fault_point("ended");
  return session.order.discard ? session.store.forget(session.state.name)
                               : session.store.retire(session.state.name);
}

namespace {

Result<void> settle(Session& session) {
  if (!session.ran && !session.earlier) {
    return session.store.discard(session.state.name);
  }
  if (!session.ran) {
    session.state = *session.earlier;
  } else if (session.restarts) {
    session.state.phase = Phase::kRestarting;
    return session.store.save(session.state);
  }
  return end(session);
}

}  // namespace

Result<void> take_down(Session& session, std::optional<int> exit_code) {
  session.channel.reset();
  if (!session.lock) {
    return {};  // the name is not ours: nothing was made
  }
  if (session.papers) {
    static_cast<void>(session.papers->wait());  // nothing more is written to what is removed
  }
  session.state.exit_code = exit_code;
  const Leftovers left = clear_away(session);
  session.hook_failures = left.hooks;
  auto error = unfinished(left, session.state);
  if (!error) {
    return settle(session);
  }
  if (auto saved = session.store.save(session.state); !saved) {
    error->others.push_back(saved.error());
  }
  return Failure(std::move(*error));
}

}  // namespace paddock::run
