#include "run/live.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <vector>

#include "os/process.hpp"

namespace paddock::run {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kEndDeadline{10};

class Loop {
 public:
  Loop(int pidfd, SignalWatch& signals, keep::Traffic& traffic)
      : pidfd_(pidfd), signals_(signals), traffic_(traffic) {}

  Result<void> run() {
    for (;;) {
      Polls polls = wanted();
      if (::poll(polls.data(), polls.size(), traffic_.patience_ms()) < 0) {
        if (errno != EINTR) {
          return fail_errno(errno, "cannot wait for the sandbox");
        }
        continue;  // nothing is said of any descriptor
      }
      if (polls[kSignals].revents != 0) {
        forward_signals();
      }
      traffic_.proceed(&polls[kTraffic]);
      if (polls[kProcess].revents != 0) {
        drain();
        return {};
      }
    }
  }

 private:
  enum Index : std::size_t { kProcess, kSignals, kTraffic };
  using Polls = std::vector<pollfd>;

  /// Entries that are not wanted have a negative descriptor, which poll(2) skips; the last one,
  /// for a traffic that has none.
  Polls wanted() {
    Polls polls{{pidfd_, POLLIN, 0}, {signals_.fd(), POLLIN, 0}};
    traffic_.want(polls);
    polls.push_back({-1, 0, 0});
    return polls;
  }

  void forward_signals() {
    while (const int number = signals_.next()) {
      if (number == SIGWINCH) {
        traffic_.resize();
      } else {
        ::syscall(SYS_pidfd_send_signal, pidfd_, number, nullptr, 0);
      }
    }
  }

  /// What the workload wrote before its end: until its streams end behind it, or fall silent
  /// while something that it left behind holds them.
  void drain() {
    traffic_.end_input();
    const auto end = Clock::now() + std::chrono::seconds(1);
    while (!traffic_.is_over() && (traffic_.is_pending() || Clock::now() <= end)) {
      Polls polls = wanted();
      polls[kProcess].fd = polls[kSignals].fd = -1;
      const bool pending = traffic_.is_pending();
      const int ready = ::poll(polls.data(), polls.size(), pending ? traffic_.patience_ms() : 100);
      if (ready == 0 && !pending) {
        return;
      }
      if (ready < 0 && errno != EINTR) {
        return;
      }
      if (ready > 0) {
        traffic_.proceed(&polls[kTraffic]);
      }
    }
  }

  int pidfd_;
  SignalWatch& signals_;
  keep::Traffic& traffic_;
};

/// A backend learns of the end a little after the kernel.
Result<contract::InspectReply> await_exit(const Attended& attended, plugin::Instance& backend) {
  const auto end = Clock::now() + kEndDeadline;
  for (auto pause = std::chrono::microseconds(200);;
       pause = std::min(pause * 2, std::chrono::microseconds(4000))) {
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
                                      keep::Traffic& traffic) {
  signals.enter(SignalStage::kLive);
  if (attended.pidfd >= 0) {
    if (auto done = Loop(attended.pidfd, signals, traffic).run(); !done) {
      return fail_as(done);
    }
  }
  signals.enter(SignalStage::kCleanUp);
  return await_exit(attended, backend);
}

Result<contract::InspectReply> attend(const Attended& attended,
                                      plugin::Instance& backend,
                                      SignalWatch& signals,
                                      Streams& streams) {
  const RawMode raw(streams.terminal() ? STDIN_FILENO : -1);
  return attend(attended, backend, signals, static_cast<keep::Traffic&>(streams));
}

}  // namespace paddock::run
