// In a plugin's child process: hears, while a call runs, that the host wants it to end.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "plugin/abi_calls.hpp"

namespace paddock::plugin {

class StopWatch {
 public:
  /// The one of this process. Never destroyed: its thread waits until the process ends.
  static StopWatch& instance();
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;

  /// Starts the thread that reads kChildCancelFd. Once, by the main thread.
  void start();
  /// Whether the call under way should end. [any thread]
  bool wanted() const { return wanted_; }

  /// A call under way; the next number. `calls` is null while there is no instance to cancel.
  class Call {
   public:
    Call(StopWatch& watch, AbiCalls* calls);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    StopWatch& watch_;
  };

 private:
  StopWatch() = default;
  void listen();
  void stop(std::uint64_t call);

  std::mutex mutex_;
  std::uint64_t calls_begun_ = 0;
  bool running_ = false;
  std::atomic<bool> wanted_{false};  // read without the lock: a plugin may ask inside its cancel
  AbiCalls* calls_ = nullptr;
};

}  // namespace paddock::plugin
