#include "plugin/call_limits.hpp"

namespace paddock::plugin {
namespace {

using Clock = std::chrono::steady_clock;

std::atomic<bool (*)()> interrupted{nullptr};

}  // namespace

void stop_calls_when(bool (*asked)()) {
  interrupted = asked;
}

void CallLimits::begin(std::chrono::milliseconds duration) {
  log_lines_ = 0;
  log_bytes_ = 0;
  soft_deadline_ = (Clock::now() + duration - duration / 5).time_since_epoch().count();
}

void CallLimits::end() {
  soft_deadline_ = 0;
}

Stop CallLimits::stop() const {
  const std::int64_t soft_deadline = soft_deadline_;
  if (soft_deadline == 0) {
    return Stop::kNone;
  }
  bool (*const asked)() = interrupted;
  if (asked != nullptr && asked()) {
    return Stop::kInterrupt;
  }
  return Clock::now().time_since_epoch().count() < soft_deadline ? Stop::kNone : Stop::kDeadline;
}

bool CallLimits::take_log(std::size_t bytes) {
  log_lines_ += 1;
  log_bytes_ += bytes;
  return !logged_too_much();
}

bool CallLimits::logged_too_much() const {
  return log_lines_ > kMaxLogLines || log_bytes_ > kMaxLogBytes;
}

}  // namespace paddock::plugin
