#include "run/warm.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/log.hpp"
#include "keep/control.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "os/process.hpp"
#include "profile/background.hpp"
#include "run/fitness.hpp"
#include "run/names.hpp"
#include "run/plugins.hpp"
#include "run/steps.hpp"
#include "run/stop.hpp"

namespace paddock::run {
namespace {

bool is_same_order(const Order& warm, const Order& wanted) {
  return warm.profile == wanted.profile && warm.backend == wanted.backend &&
         warm.sets == wanted.sets && warm.folder == wanted.folder && warm.background &&
         warm.background->terminal == wanted.background->terminal;
}

/// As it is compared: from here, for a terminal or not.
Order comparable(Order order) {
  order = repeatable(std::move(order), "");
  if (!order.background) {
    order.background = BackgroundStreams{on_terminal(), true};
  }
  return order;
}

std::vector<State> warm_states(const Store& store, const Order& order) {
  std::vector<State> found;
  const auto names = store.names();
  for (const std::string& name : names ? *names : std::vector<std::string>{}) {
    auto state = store.load(name);
    if (state && state->phase == Phase::kWarm && is_same_order(state->order, order)) {
      found.push_back(std::move(*state));
    }
  }
  return found;
}

Result<profile::Profile> resolve(const Order& order,
                                 const std::string& name,
                                 const plugin::Registry& registry) {
  return resolve_profile({order.profile, name, order.sets}, registry);
}

/// Hooks act before each launch, and a registry may be asked at each.
bool can_wait(const profile::Profile& profile) {
  const Node* pull = profile.root.find("image.pull");
  return profile::named_hooks(profile).empty() && (pull == nullptr || *pull->text() != "always");
}

bool is_fit(const State& state, const Order& order, const plugin::Registry& registry) {
  const auto profile = resolve(order, state.name, registry);
  const auto now = profile ? fitness_now(*profile, registry, state.backend) : fail_as(profile);
  return now && *now == state.fitness;
}

/// The command, in the sandbox that `session` made.
Result<void> assign(Session& session, const keep::Request& request) {
  contract::Process& process = session.planned.draft.plan.process;
  if (!request.command.empty()) {
    process.command = request.command;
  }
  if (process.terminal && !request.term.empty()) {
    process.environment["TERM"] = request.term;
  }
  session.state.command = process.command;
  session.state.started_at = now_text();
  if (auto proved = examine(session, false); !proved) {
    return proved;
  }
  static_cast<void>(session.papers->wait());
  start_papers(session);
  session.state.phase = Phase::kRunning;
  return session.store.save(session.state);
}

std::string proof_note(const Session& session) {
  const auto& entries = session.ledger.entries;
  const auto proved = std::count_if(entries.begin(), entries.end(),
                                    [](const proof::Entry& entry) { return entry.is_proved(); });
  return session.state.name + ": taken warm, proved " + std::to_string(proved) + " of " +
         std::to_string(entries.size()) + " protections";
}

/// Without a code nothing of the command has run, and another sandbox may be asked.
keep::Reply refusal(const Error& error, bool may_have_run) {
  keep::Reply reply;
  reply.refused = error.what;
  reply.code = may_have_run ? static_cast<std::int64_t>(error.code) : 0;
  return reply;
}

}  // namespace

void offer(Session& session, const std::function<void()>& taken) {
  const auto take = [&session, taken](const keep::Request& request) {
    if (auto assigned = assign(session, request); !assigned) {
      return refusal(assigned.error(), false);
    }
    taken();
    if (auto released = release(session); !released) {
      return refusal(released.error(), true);
    }
    keep::Reply reply;
    reply.note = proof_note(session);
    return reply;
  };
  session.keeper->wait_for_taker(take, kWarmAge);
}

Result<std::optional<AttachEnd>> take_warm(
    const Store& store,
    const Order& order,
    SignalWatch& signals,
    const std::function<void(const std::string&)>& welcomed) {
  const Order wanted = comparable(order);
  const std::vector<State> candidates = warm_states(store, wanted);
  if (candidates.empty()) {
    return std::optional<AttachEnd>();
  }
  const auto registry = open_registry();
  if (!registry) {
    return fail_as(registry);
  }
  for (const State& state : candidates) {
    if (!is_fit(state, wanted, *registry)) {
      continue;
    }
    auto end = take(store, {state.name, {}, true, order.command, welcomed}, signals);
    if (end || end.error().code != ErrorCode::kNotRunning) {
      return end ? Result<std::optional<AttachEnd>>(*end) : fail_as(end);
    }
    log::info("warm sandbox '" + state.name + "' is not used: " + end.error().what);
  }
  return std::optional<AttachEnd>();
}

Result<os::FileLock> warm_lock(const Store& store) {
  if (auto made = os::make_private_dir(store.root()); !made) {
    return fail_as(made);
  }
  return os::FileLock::acquire(store.root() / "warm.lock");
}

Result<std::int64_t> missing_warm(const Store& store, const Order& order) {
  const Order wanted = comparable(order);
  const auto registry = open_registry();
  const auto profile = registry ? resolve(wanted, "warm", *registry) : fail_as(registry);
  if (!profile) {
    return fail_as(profile);
  }
  std::int64_t missing = can_wait(*profile) ? profile::warm_of(*profile) : 0;
  for (const State& state : warm_states(store, wanted)) {
    if (missing > 0 && is_fit(state, wanted, *registry)) {
      --missing;
    } else if (auto stopped = stop(store, state.name, std::chrono::milliseconds(0)); !stopped) {
      log::warn("cannot end warm sandbox '" + state.name + "': " + stopped.error().what);
    }
  }
  return missing;
}

void replenish(const Order& order) {
  const Order wanted = comparable(order);
  os::SpawnOptions options;
  options.argv = {os::install_paths().program.string(), "--quiet", "warm"};
  if (wanted.background->terminal) {
    options.argv.emplace_back("--tty");
  }
  if (!wanted.backend.empty()) {
    options.argv.insert(options.argv.end(), {"--backend", wanted.backend});
  }
  for (const std::string& set : wanted.sets) {
    options.argv.insert(options.argv.end(), {"--set", set});
  }
  options.argv.push_back(wanted.profile);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    options.environment.emplace_back(*entry);
  }
  if (const auto child = os::spawn(options); !child) {
    log::warn("no warm sandboxes: " + child.error().what);
  }
}

}  // namespace paddock::run
