#include "run/stop.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

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

Result<void> await_cleared(const Store& store, const State& state) {
  const auto end = Clock::now() + kClearDeadline;
  for (;;) {
    const auto now = store.load(state.name);
    if (!now || now->instance != state.instance) {
      return {};  // gone, or a new one of that name
    }
    if (Clock::now() > end) {
      return fail(ErrorCode::kTimeout,
                  "sandbox '" + state.name + "' has ended, but its paddock (process " +
                      std::to_string(state.host_pid) + ") does not clear it away");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    heal_quietly(store);  // its owner may die meanwhile
  }
}

}  // namespace

Result<void> stop(const Store& store, const std::string& name, std::chrono::milliseconds grace) {
  const auto state = store.load(name);
  if (!state) {
    return fail_as(state);
  }
  if (state->sandbox && state->phase != Phase::kEnded) {
    if (auto asked = ask_backend(*state, grace); !asked) {
      return asked;
    }
  } else {
    interrupt_owner(*state);
  }
  return await_cleared(store, *state);
}

}  // namespace paddock::run
