#include "run/heal.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>

#include "base/log.hpp"
#include "os/file.hpp"
#include "os/process.hpp"
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

class Healer {
 public:
  Healer(const Store& store, const plugin::Registry& registry, State& state)
      : store_(store), registry_(registry), state_(state) {}

  Result<void> run() {
    if (state_.phase != Phase::kEnded) {
      kill_gate(state_);
      load_plan();
      if (auto cleared = clear(); !cleared) {
        return cleared;
      }
      state_.phase = Phase::kEnded;
      state_.ended_at = now_text();
    }
    if (auto saved = store_.save(state_); !saved) {
      return saved;
    }
    return store_.retire(state_.name);
  }

 private:
  Result<void> clear() {
    if (auto done = release_hardeners(); !done) {
      return done;
    }
    if (auto done = remove(); !done) {
      return done;
    }
    hooks_after();
    return {};
  }

  /// Absent when the run died before it was written: then the plan is only its name.
  void load_plan() {
    plan_.name = state_.name;
    plan_.profile = state_.profile;
    const auto text = store_.read(state_.name, "launch.json");
    if (auto record = text ? decode_record(*text) : fail_as(text)) {
      plan_ = std::move(record->draft.plan);
    }
  }

  Result<void> release_hardeners() {
    for (auto ref = state_.attached.rbegin(); ref != state_.attached.rend(); ++ref) {
      auto hardener = load_again(registry_, *ref);
      if (!hardener) {
        return fail_as(hardener);
      }
      const contract::SandboxRequest request{plan_, state_.sandbox.value_or(contract::Sandbox{})};
      if ((*hardener)->manifest().answers("release")) {
        if (auto reply = (*hardener)->ask<contract::Empty>("release", request); !reply) {
          return fail_as(reply);
        }
      }
    }
    return {};
  }

  Result<void> remove() {
    auto backend = load_again(registry_, state_.backend);
    if (!backend) {
      return fail_as(backend);
    }
    const contract::RemoveRequest request{state_.instance,
                                          (store_.directory(state_.name) / "run").string(),
                                          state_.objects, state_.sandbox};
    auto reply = (*backend)->ask<contract::Empty>("remove", request);
    return reply ? Result<void>{} : fail_as(reply);
  }

  void hooks_after() {
    const contract::HookRequest request{contract::HookPhase::kAfterStop, plan_, std::nullopt};
    for (auto ref = state_.hooks.rbegin(); ref != state_.hooks.rend(); ++ref) {
      auto hook = load_again(registry_, *ref);
      const auto reply = hook ? (*hook)->ask<contract::Empty>("run", request) : fail_as(hook);
      if (!reply) {
        log::warn(reply.error().what);
      }
    }
  }

  const Store& store_;
  const plugin::Registry& registry_;
  State& state_;
  contract::Plan plan_;
};

bool has_journal(const Store& store, const std::string& name) {
  std::error_code ignored;
  return std::filesystem::exists(store.directory(name) / "state.json", ignored);
}

Result<void> heal_one(const Store& store, const plugin::Registry& registry, Healed& healed) {
  if (!has_journal(store, healed.name)) {
    return store.discard(healed.name);  // journal first, then act: nothing was made
  }
  auto state = store.load(healed.name);
  if (!state) {
    return fail_with(std::move(state), "sandbox '" + healed.name + "'");
  }
  healed.instance = state->instance;
  healed.backend = state->backend.id;
  return Healer(store, registry, *state).run();
}

}  // namespace

Result<std::vector<Healed>> heal(const Store& store) {
  const auto abandoned = store.take_abandoned();
  if (!abandoned || abandoned->empty()) {
    return abandoned ? Result<std::vector<Healed>>{} : fail_as(abandoned);
  }
  const auto registry = open_registry();
  if (!registry) {
    return fail_as(registry);
  }
  std::vector<Healed> list;
  for (const Abandoned& one : *abandoned) {
    Healed healed;
    healed.name = one.name;
    if (auto done = heal_one(store, *registry, healed); !done) {
      healed.error = done.error();
    }
    list.push_back(std::move(healed));
  }
  return list;
}

void heal_quietly(const Store& store) {
  const auto healed = heal(store);
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
