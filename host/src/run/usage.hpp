// What running sandboxes use, look by look. [main thread]
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "os/usage.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// One look: by the sandbox's control groups, and over /proc for what they do not say. Nothing
/// when it does not run any more.
std::optional<os::Usage> read_usage(const State& state);

/// Looks at one sandbox again and again.
class Meter {
 public:
  explicit Meter(State state) : state_(std::move(state)) {}

  /// Whether it still runs; else the last values stay.
  bool look(std::chrono::steady_clock::time_point now);

  const State& state() const { return state_; }
  bool has_ended() const { return ended_; }
  const os::Usage& usage() const { return usage_; }
  /// CPU used between the last two looks, in thousandths of one; absent before the second, and
  /// where a process took its share of the count with it.
  std::optional<std::uint64_t> cpu_milli() const { return cpu_milli_; }
  /// The last values, oldest first; absent ones are there too.
  const std::deque<std::optional<std::uint64_t>>& cpu_history() const { return cpu_history_; }
  const std::deque<std::optional<std::uint64_t>>& memory_history() const { return memory_history_; }

 private:
  State state_;
  bool ended_ = false;
  os::Usage usage_;
  std::optional<std::chrono::steady_clock::time_point> looked_;
  std::optional<std::uint64_t> cpu_milli_;
  std::deque<std::optional<std::uint64_t>> cpu_history_, memory_history_;
};

}  // namespace paddock::run
