#include "run/clear.hpp"

#include "run/fault.hpp"

namespace paddock::run {
namespace {

template <typename Reply, typename Request>
Result<void> ask(const FindPlugin& find,
                 const PluginRef& ref,
                 std::string_view method,
                 const Request& request) {
  const auto plugin = find(ref);
  if (!plugin) {
    return fail_as(plugin);
  }
  if (!(*plugin)->manifest().answers(method)) {
    return {};
  }
  const auto reply = (*plugin)->ask<Reply>(std::string(method), request);
  return reply ? Result<void>{} : fail_as(reply);
}

Error in_context(const Result<void>& failed, const std::string& context) {
  Error error = failed.error();
  error.context.push_back(context);
  return error;
}

std::vector<Error> release_hardeners(State& state,
                                     const contract::Plan& plan,
                                     const FindPlugin& find) {
  const contract::SandboxRequest request{plan, state.sandbox.value_or(contract::Sandbox{})};
  std::vector<Error> failures;
  std::vector<PluginRef> kept;
  for (auto ref = state.attached.rbegin(); ref != state.attached.rend(); ++ref) {
    if (auto done = ask<contract::Empty>(find, *ref, "release", request); !done) {
      failures.push_back(in_context(done, "plugin '" + ref->id + "' releasing what it attached"));
      kept.insert(kept.begin(), *ref);
    }
  }
  state.attached = std::move(kept);
  return failures;
}

std::optional<Error> remove_sandbox(const std::filesystem::path& runtime_dir,
                                    const State& state,
                                    const FindPlugin& find) {
  const contract::RemoveRequest request{state.instance, runtime_dir.string(), state.objects,
                                        state.sandbox};
  const auto done = ask<contract::Empty>(find, state.backend, "remove", request);
  return done ? std::nullopt : std::optional<Error>(done.error());
}

}  // namespace

std::vector<Error> tell_hooks(State& state, const contract::Plan& plan, const FindPlugin& find) {
  const contract::HookRequest request{contract::HookPhase::kAfterStop, plan, state.exit_code};
  std::vector<Error> failures;
  for (auto ref = state.hooks.rbegin(); ref != state.hooks.rend(); ++ref) {
    if (auto done = ask<contract::Empty>(find, *ref, "run", request); !done) {
      failures.push_back(in_context(done, "hook '" + ref->id + "' after the stop"));
    }
  }
  state.hooks.clear();
  return failures;
}

Leftovers clear(const std::filesystem::path& runtime_dir,
                State& state,
                const contract::Plan& plan,
                const FindPlugin& find) {
  Leftovers left;
  left.unreleased = release_hardeners(state, plan, find);
  fault_point("hardeners-released");
  left.unremoved = remove_sandbox(runtime_dir, state, find);
  fault_point("removed");
  if (!left.unremoved) {
    left.hooks = tell_hooks(state, plan, find);
    fault_point("hooks-after");
  }
  return left;
}

std::optional<Error> unfinished(const Leftovers& left, State& state) {
  std::vector<Error> errors = left.unreleased;
  if (left.unremoved) {
    errors.insert(errors.begin(), *left.unremoved);
  } else if (!errors.empty()) {
    state.phase = Phase::kUnreleased;
  }
  if (errors.empty()) {
    return std::nullopt;
  }
  Error first = std::move(errors.front());
  first.others.insert(first.others.end(), errors.begin() + 1, errors.end());
  return first;
}

}  // namespace paddock::run
