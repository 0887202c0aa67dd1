// A thread beside the main one. Signals are the main thread's alone.
#pragma once

#include <signal.h>

#include <thread>
#include <utility>

namespace paddock::run {

template <typename Work>
std::thread quiet_thread(Work work) {
  sigset_t all, old;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &old);
  std::thread thread(std::move(work));
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
  return thread;
}

}  // namespace paddock::run
