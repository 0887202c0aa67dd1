#include "run/signals.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "os/unique_fd.hpp"
#include "plugin/call_limits.hpp"

namespace paddock::run {
namespace {

constexpr std::array<int, 7> kForwarded{SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,
                                        SIGUSR1, SIGUSR2, SIGWINCH};

// What the handler touches; constant-initialised, lock-free.
std::atomic<int> stage{static_cast<int>(SignalStage::kLaunch)};
std::atomic<int> interrupts{0};
std::atomic<int> stop_signal{0};
std::atomic<bool> end_wanted{false};
std::atomic<int> pipe_end{-1};
std::array<char, 512> farewell{};

void leave_at_once() {
  (void)!::write(STDERR_FILENO, farewell.data(), ::strnlen(farewell.data(), farewell.size()));
  ::_exit(128 + SIGINT);
}

void on_signal(int number) {
  const int error = errno;
  const bool live = stage == static_cast<int>(SignalStage::kLive);
  if (number == SIGINT || number == SIGTERM) {
    end_wanted = true;
  }
  // What goes to the workload asks nothing of us.
  if (number == SIGINT && !live && ++interrupts >= 2) {
    leave_at_once();
  }
  if (live || number == SIGWINCH) {
    const auto byte = static_cast<unsigned char>(number);
    (void)!::write(pipe_end, &byte, 1);
  } else if (number != SIGUSR1 && number != SIGUSR2) {
    stop_signal = number;
  }
  errno = error;
}

/// Calls of plugins end early while a launch comes up, not while one is cleared away.
bool wants_calls_to_end() {
  return stop_signal != 0 && stage == static_cast<int>(SignalStage::kLaunch);
}

struct Installed {
  std::array<struct sigaction, kForwarded.size()> old{};
  os::UniqueFd read, write;
};
Installed* installed = nullptr;

void install(std::size_t index) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(kForwarded.at(index), nullptr, &installed->old.at(index));
  if (installed->old.at(index).sa_handler != SIG_IGN) {
    ::sigaction(kForwarded.at(index), &action, nullptr);
  }
}

}  // namespace

SignalWatch::SignalWatch() {
  installed = new Installed;
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
    installed->read.reset(ends[0]);
    installed->write.reset(ends[1]);
  }
  pipe_end = ends[1];
  stage = static_cast<int>(SignalStage::kLaunch);
  for (std::size_t i = 0; i < kForwarded.size(); ++i) {
    install(i);
  }
  plugin::stop_calls_when(wants_calls_to_end);
}

SignalWatch::~SignalWatch() {
  plugin::stop_calls_when(nullptr);
  for (std::size_t i = 0; i < kForwarded.size(); ++i) {
    ::sigaction(kForwarded.at(i), &installed->old.at(i), nullptr);
  }
  pipe_end = -1;
  delete installed;
  installed = nullptr;
}

void SignalWatch::enter(SignalStage next_stage) {
  stage = static_cast<int>(next_stage);
}

void SignalWatch::set_farewell(const std::string& text) {
  const std::size_t length = std::min(text.size(), farewell.size() - 1);
  std::memcpy(farewell.data(), text.data(), length);
  farewell.at(length) = '\0';
}

int SignalWatch::fd() const {
  return installed->read.get();
}

int SignalWatch::next() {
  unsigned char byte = 0;
  return ::read(installed->read.get(), &byte, 1) == 1 ? byte : 0;
}

bool SignalWatch::ended_by_signal() const {
  return end_wanted;
}

int SignalWatch::interrupted() const {
  return stop_signal;
}

}  // namespace paddock::run
