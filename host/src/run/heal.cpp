#include "run/heal.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>

#include "base/log.hpp"
#include "os/file.hpp"
#include "os/process.hpp"
#include "run/clear.hpp"
#include "run/names.hpp"
#include "run/plugins.hpp"
#include "run/record.hpp"

namespace paddock::run {
namespace {

/// The gate may outlive its owner for a moment. The start time is read behind the open pidfd, so
/// that a PID that was given anew is never hit.
void kill_gate(const State& state) {
  const auto pid = static_cast<pid_t>(state.gate_pid);
  const auto pidfd = pid > 0 ? os::open_pidfd(pid) : fail(ErrorCode::kSystem, "no gate");
  if (pidfd && os::start_time(pid) == state.gate_start_time) {
    ::syscall(SYS_pidfd_send_signal, pidfd->get(), SIGKILL, nullptr, 0);
  }
}

/// What plugins are told that they acted on; only its names when the run died before it was
/// written.
contract::Plan plan_of(const Store& store, const State& state) {
  const auto text = store.read_record(state.name);
  if (auto record = text ? decode_record(*text) : fail_as(text)) {
    return std::move(record->draft.plan);
  }
  contract::Plan plan;
  plan.name = state.name;
  plan.profile = state.profile;
  return plan;
}

Leftovers clear_away(const Store& store, const plugin::Registry& registry, State& state) {
  std::unique_ptr<plugin::Instance> plugin;
  const auto find = [&](const PluginRef& ref) -> Result<plugin::Instance*> {
    auto loaded = load_again(registry, ref);
    if (!loaded) {
      return fail_as(loaded);
    }
    plugin = std::move(*loaded);
    return plugin.get();
  };
  return clear(store.directory(state.name) / "run", state, plan_of(store, state), find);
}

/// The record of a sandbox of which nothing is left that we could clear.
void close(const Store& store, State& state, Healed& healed) {
  state.phase = Phase::kEnded;
  state.ended_at = state.ended_at.empty() ? now_text() : state.ended_at;
  auto closed = store.save(state);
  if (closed) {
    closed = store.retire(state.name);
  }
  healed.cleared = closed.has_value();
  if (!closed) {
    healed.error = closed.error();
  }
}

void heal_state(const Store& store,
                const plugin::Registry& registry,
                Patience patience,
                State& state,
                Healed& healed) {
  if (state.phase == Phase::kEnded || state.phase == Phase::kRestarting) {
    return close(store, state, healed);
  }
  kill_gate(state);
  const Leftovers left = clear_away(store, registry, state);
  for (const Error& error : left.hooks) {
    log::warn(error.context.back() + ": " + error.what);
  }
  healed.error = unfinished(left, state);
  const bool given_up = !left.unremoved && patience == Patience::kAgain;
  if (!healed.error || given_up) {
    return close(store, state, healed);
  }
  if (auto saved = store.save(state); !saved) {
    healed.error->others.push_back(saved.error());
  }
}

bool has_journal(const Store& store, const std::string& name) {
  std::error_code ignored;
  return std::filesystem::exists(store.directory(name) / "state.json", ignored);
}

Error damaged(const Store& store, const Healed& healed, Error error) {
  error.context.push_back("sandbox '" + healed.name + "'");
  error.hints.push_back("what it made may be left; once you have looked, remove '" +
                        store.directory(healed.name).string() + "'");
  return error;
}

/// Nothing for one that is to be left alone.
std::optional<Healed> heal_one(const Store& store,
                               const plugin::Registry& registry,
                               Patience patience,
                               const std::string& name) {
  Healed healed{name, "", "", false, {}};
  if (!has_journal(store, name)) {  // journal first, then act: nothing was made
    const auto discarded = store.discard(name);
    healed.cleared = discarded.has_value();
    healed.error = discarded ? std::nullopt : std::optional<Error>(discarded.error());
    return healed;
  }
  auto state = store.load(name);
  if (!state) {
    healed.error = damaged(store, healed, state.error());
    return healed;
  }
  if (state->phase == Phase::kUnreleased && patience == Patience::kOnce) {
    return std::nullopt;
  }
  healed.instance = state->instance;
  healed.backend = state->backend.id;
  heal_state(store, registry, patience, *state, healed);
  return healed;
}

}  // namespace

Result<std::vector<Healed>> heal(const Store& store, Patience patience, const std::string& only) {
  const auto abandoned = store.take_abandoned(only);
  if (!abandoned || abandoned->empty()) {
    return abandoned ? Result<std::vector<Healed>>{} : fail_as(abandoned);
  }
  const auto registry = open_registry();
  if (!registry) {
    return fail_as(registry);
  }
  std::vector<Healed> list;
  for (const Abandoned& one : *abandoned) {
    if (auto healed = heal_one(store, *registry, patience, one.name)) {
      list.push_back(std::move(*healed));
    }
  }
  return list;
}

void heal_quietly(const Store& store) {
  const auto healed = heal(store, Patience::kOnce);
  if (!healed) {
    log::warn("cannot clear what dead runs left: " + healed.error().what);
    return;
  }
  for (const Healed& one : *healed) {
    if (one.error) {
      log::warn("cannot clear sandbox '" + one.name + "': " + one.error->what);
    } else {
      log::info("cleared sandbox '" + one.name + "' that a dead run left");
    }
  }
}

}  // namespace paddock::run
