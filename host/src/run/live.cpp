#include "run/live.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "os/process.hpp"

namespace paddock::run {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kEndDeadline{10};

class Loop {
 public:
  Loop(int pidfd, SignalWatch& signals, Terminal* terminal)
      : pidfd_(pidfd), signals_(signals), terminal_(terminal), user_open_(terminal != nullptr) {}

  Result<void> run() {
    for (;;) {
      auto polls = wanted();
      if (::poll(polls.data(), polls.size(), -1) < 0 && errno != EINTR) {
        return fail_errno(errno, "cannot wait for the sandbox");
      }
      if (polls[kSignals].revents != 0) {
        forward_signals();
      }
      relay(polls);
      if (polls[kProcess].revents != 0) {
        drain();
        return {};
      }
    }
  }

 private:
  enum Index : std::size_t { kProcess, kSignals, kUser, kWorker, kCount };
  using Polls = std::array<pollfd, kCount>;

  /// Entries that are not wanted have a negative descriptor, which poll(2) skips.
  Polls wanted() const {
    Polls polls{};
    polls[kProcess] = {pidfd_, POLLIN, 0};
    polls[kSignals] = {signals_.fd(), POLLIN, 0};
    const bool pending = terminal_ != nullptr && terminal_->pending();
    polls[kUser] = {user_open_ && !pending ? STDIN_FILENO : -1, POLLIN, 0};
    const auto write = static_cast<short>(pending ? POLLOUT : 0);
    polls[kWorker] = {worker_open_ && terminal_ != nullptr ? terminal_->fd() : -1,
                      static_cast<short>(POLLIN | write), 0};
    return polls;
  }

  void relay(const Polls& polls) {
    if (polls[kUser].revents != 0) {
      user_open_ = terminal_->read_user();
    }
    if (terminal_ != nullptr && terminal_->pending()) {
      terminal_->write_worker();
    }
    if ((polls[kWorker].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      worker_open_ = terminal_->read_worker();
    }
  }

  void forward_signals() {
    while (const int number = signals_.next()) {
      if (number == SIGWINCH) {
        if (terminal_ != nullptr) {
          terminal_->copy_window_size();
        }
      } else {
        ::syscall(SYS_pidfd_send_signal, pidfd_, number, nullptr, 0);
      }
    }
  }

  /// What the workload wrote before its end; its terminal hangs up behind it.
  void drain() {
    const auto end = Clock::now() + std::chrono::seconds(1);
    while (terminal_ != nullptr && worker_open_ && Clock::now() < end) {
      pollfd readable{terminal_->fd(), POLLIN, 0};
      if (::poll(&readable, 1, 100) <= 0) {
        return;
      }
      worker_open_ = terminal_->read_worker();
    }
  }

  int pidfd_;
  SignalWatch& signals_;
  Terminal* terminal_;
  bool user_open_;
  bool worker_open_ = true;
};

/// A backend learns of the end a little after the kernel.
Result<contract::InspectReply> await_exit(const Attended& attended, plugin::Instance& backend) {
  const auto end = Clock::now() + kEndDeadline;
  for (auto pause = std::chrono::microseconds(200);;
       pause = std::min(pause * 2, std::chrono::microseconds(20000))) {
    auto reply = backend.ask<contract::InspectReply>("inspect", attended.inspect);
    if (!reply || reply->exit_code || reply->state == contract::RunState::kGone ||
        Clock::now() > end) {
      return reply;
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace

Result<contract::InspectReply> attend(const Attended& attended,
                                      plugin::Instance& backend,
                                      SignalWatch& signals,
                                      Terminal* terminal) {
  const RawMode raw(terminal != nullptr ? STDIN_FILENO : -1);
  signals.enter(SignalStage::kLive);
  if (attended.pidfd >= 0) {
    if (auto done = Loop(attended.pidfd, signals, terminal).run(); !done) {
      return fail_as(done);
    }
  }
  signals.enter(SignalStage::kCleanUp);
  return await_exit(attended, backend);
}

}  // namespace paddock::run
