#include "run/usage.hpp"

#include "run/inspect.hpp"

namespace paddock::run {
namespace {

constexpr std::size_t kHistory = 60;

using Value = std::optional<std::uint64_t>;

void remember(std::deque<Value>& history, Value value) {
  history.push_back(value);
  if (history.size() > kHistory) {
    history.pop_front();
  }
}

bool is_complete(const os::Usage& usage) {
  return usage.cpu_us && usage.memory_bytes && usage.tasks && usage.read_bytes;
}

Value rate_milli(const Value& before_us, const Value& now_us, std::chrono::microseconds between) {
  if (!before_us || !now_us || *now_us < *before_us || between.count() <= 0) {
    return std::nullopt;
  }
  return (*now_us - *before_us) * 1000 / static_cast<std::uint64_t>(between.count());
}

}  // namespace

std::optional<os::Usage> read_usage(const State& state) {
  if (!is_running(state)) {
    return std::nullopt;
  }
  os::Usage usage = state.sandbox ? os::cgroup_usage(state.sandbox->cgroups) : os::Usage{};
  if (!is_complete(usage)) {
    usage = os::completed(std::move(usage), os::process_usage(processes_of(state)));
  }
  // What was read of a sandbox that ended meanwhile is half of it.
  return is_running(state) ? std::optional(std::move(usage)) : std::nullopt;
}

bool Meter::look(std::chrono::steady_clock::time_point now) {
  auto usage = ended_ ? std::nullopt : read_usage(state_);
  if (!usage) {
    ended_ = true;
    return false;
  }
  cpu_milli_ =
      looked_ ? rate_milli(usage_.cpu_us, usage->cpu_us,
                           std::chrono::duration_cast<std::chrono::microseconds>(now - *looked_))
              : std::nullopt;
  if (looked_) {
    remember(cpu_history_, cpu_milli_);
  }
  remember(memory_history_, usage->memory_bytes);
  usage_ = std::move(*usage);
  looked_ = now;
  return true;
}

}  // namespace paddock::run
