// What one call may use up, and when it should end, alike for a plugin in this process and in a
// child.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace paddock::plugin {

/// What a call may log; what a plugin logs between two calls counts for the second.
inline constexpr std::size_t kMaxLogLines = 10'000;
inline constexpr std::size_t kMaxLogBytes = 4 << 20;

/// Why the host wants a call to end before it is done.
enum class Stop : std::uint8_t {
  kNone,
  kInterrupt,  ///< the user asked
  kDeadline,   ///< a fifth of its time is left
};

/// From now on calls under way end when `asked` says so; null: nobody asks. It is called from any
/// thread. [main thread, between calls]
void stop_calls_when(bool (*asked)());

/// Of one instance. [any thread]
class CallLimits {
 public:
  /// A call begins, and may take so long.
  void begin(std::chrono::milliseconds duration);
  void end();
  /// kNone between calls. Once a call should end, it stays so.
  Stop stop() const;

  /// Counts one line of the log; false when it is too much, and the line is to be dropped.
  bool take_log(std::size_t bytes);
  bool logged_too_much() const;

 private:
  std::atomic<std::int64_t> soft_deadline_{0};  ///< of the steady clock; 0: no call
  std::atomic<std::size_t> log_lines_{0};
  std::atomic<std::size_t> log_bytes_{0};
};

}  // namespace paddock::plugin
