#include "plugin/stop_watch.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "plugin/wire.hpp"

namespace paddock::plugin {

StopWatch& StopWatch::instance() {
  static auto& watch = *new StopWatch;
  return watch;
}

// Signals are the main thread's alone.
void StopWatch::start() {
  sigset_t all, old;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &old);
  std::thread([this] { listen(); }).detach();
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

void StopWatch::listen() {
  std::uint64_t call = 0;
  for (;;) {
    const ssize_t got = ::read(kChildCancelFd, &call, sizeof(call));
    if (got == sizeof(call)) {
      stop(call);
    } else if (got >= 0 || errno != EINTR) {
      return;  // the host is gone, and this process with it
    }
  }
}

/// By number, so that a word that comes late ends no later call. Under the lock, so that no call
/// ends while its instance is told.
void StopWatch::stop(std::uint64_t call) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!running_ || call != calls_begun_) {
    return;
  }
  wanted_ = true;
  if (calls_ != nullptr) {
    calls_->cancel();
  }
}

StopWatch::Call::Call(StopWatch& watch, AbiCalls* calls) : watch_(watch) {
  const std::lock_guard<std::mutex> lock(watch_.mutex_);
  ++watch_.calls_begun_;
  watch_.running_ = true;
  watch_.calls_ = calls;
}

StopWatch::Call::~Call() {
  const std::lock_guard<std::mutex> lock(watch_.mutex_);
  watch_.running_ = false;
  watch_.wanted_ = false;
  watch_.calls_ = nullptr;
}

}  // namespace paddock::plugin
