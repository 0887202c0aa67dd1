// How long each step of a launch took. [one thread]
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace paddock::run {

struct Timing {
  std::string step;
  std::chrono::microseconds took{};
};

class Timings {
 public:
  /// The time since the last mark (or construction) was spent on `step`.
  void mark(std::string step) {
    const auto now = Clock::now();
    list_.push_back(
        {std::move(step), std::chrono::duration_cast<std::chrono::microseconds>(now - last_)});
    last_ = now;
  }
  const std::vector<Timing>& list() const { return list_; }
  /// Of one step; zero when it was not marked.
  std::chrono::microseconds of(const std::string& step) const {
    for (const Timing& timing : list_) {
      if (timing.step == step) {
        return timing.took;
      }
    }
    return {};
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
  std::vector<Timing> list_;
};

}  // namespace paddock::run
