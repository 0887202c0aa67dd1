#include "run/stop.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "os/process.hpp"
#include "run/heal.hpp"
#include "run/plugins.hpp"

namespace paddock::run {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kClearDeadline{20};

/// A launch on its way up is cancelled as Ctrl-C would: its owner rolls it back.
void interrupt_owner(const State& state) {
  const auto pid = static_cast<pid_t>(state.host_pid);
  const auto pidfd = os::open_pidfd(pid);
  if (pidfd && os::start_time(pid) == state.host_start_time) {
    ::syscall(SYS_pidfd_send_signal, pidfd->get(), SIGTERM, nullptr, 0);
  }
}

Result<void> ask_backend(const State& state, std::chrono::milliseconds grace) {
  const auto registry = open_registry();
  if (!registry) {
    return fail_as(registry);
  }
  const auto backend = load_again(*registry, state.backend);
  if (!backend) {
    return fail_as(backend);
  }
  const contract::StopRequest request{*state.sandbox, static_cast<std::uint32_t>(grace.count())};
  const auto reply =
      (*backend)->ask<contract::Empty>("stop", request, grace + std::chrono::seconds(10));
  return reply ? Result<void>{} : fail_as(reply);
}

bool is_alive(const State& state) {
  return os::start_time(static_cast<pid_t>(state.host_pid)) == state.host_start_time;
}

/// Its owner died: then it is ours to clear.
Result<void> heal_it(const Store& store, const State& state) {
  const auto healed = heal(store, Patience::kAgain, state.name);
  if (!healed) {
    return fail_as(healed);
  }
  for (const Healed& one : *healed) {
    if (one.error) {
      return Failure(*one.error);
    }
  }
  return {};
}

Result<void> await_cleared(const Store& store, const State& state) {
  constexpr std::chrono::milliseconds kLongestPause{50};
  const auto end = Clock::now() + kClearDeadline;
  for (std::chrono::milliseconds pause{2};; pause = std::min(pause * 2, kLongestPause)) {
    const auto now = store.load(state.name);
    if (!now || now->instance != state.instance) {
      return {};  // gone, or a new one of that name
    }
    if (Clock::now() > end) {
      return fail(ErrorCode::kTimeout,
                  "sandbox '" + state.name + "' has ended, but its paddock (process " +
                      std::to_string(state.host_pid) + ") does not clear it away");
    }
    std::this_thread::sleep_for(pause);
    if (!is_alive(state)) {
      if (auto healed = heal_it(store, state); !healed) {
        return healed;
      }
    }
  }
}

}  // namespace

Result<void> stop(const Store& store, const std::string& name, std::chrono::milliseconds grace) {
  const auto state = store.load(name);
  if (!state) {
    return fail_as(state);
  }
  store.mark_stopped(name);
  const bool gone = state->phase == Phase::kEnded || state->phase == Phase::kUnreleased ||
                    state->phase == Phase::kRestarting;
  if (state->sandbox && !gone) {
    if (auto asked = ask_backend(*state, grace); !asked) {
      return asked;
    }
  } else {
    interrupt_owner(*state);
  }
  return await_cleared(store, *state);
}

}  // namespace paddock::run
