// Work beside the main thread: begun at once, waited for where its result is needed. Signals stay
// the main thread's alone.
#pragma once

#include <signal.h>

#include <latch>
#include <optional>
#include <thread>
#include <utility>

namespace paddock::os {

/// What `work` uses outlives the task. Its thread stays until the task is destroyed, since a
/// process may be bound to the thread that started it (PR_SET_PDEATHSIG). [one thread]
template <typename Result>
class Task {
 public:
  template <typename Work>
  explicit Task(Work work) {
    sigset_t all, old;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &old);
    thread_ = std::thread([this, work = std::move(work)]() mutable {
      result_.emplace(work());
      done_.count_down();
      over_.wait();
    });
    ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
  }
  ~Task() {
    over_.count_down();
    thread_.join();
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// The work's result, once it is done.
  Result& wait() {
    done_.wait();
    return *result_;
  }

 private:
  std::optional<Result> result_;
  std::latch done_{1}, over_{1};
  std::thread thread_;
};

}  // namespace paddock::os
