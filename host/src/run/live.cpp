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
  Loop(int pidfd, SignalWatch& signals, Streams& streams)
      : pidfd_(pidfd), signals_(signals), streams_(streams) {}

  Result<void> run() {
    for (;;) {
      Polls polls = wanted();
      if (::poll(polls.data(), polls.size(), patience_ms()) < 0 && errno != EINTR) {
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
  enum Index : std::size_t { kProcess, kSignals, kRelays };
  using Polls = std::vector<pollfd>;

  /// Entries that are not wanted have a negative descriptor, which poll(2) skips.
  Polls wanted() const {
    Polls polls{{pidfd_, POLLIN, 0}, {signals_.fd(), POLLIN, 0}};
    for (const Relay& relay : streams_.relays()) {
      polls.push_back(relay.wanted());
    }
    return polls;
  }

  /// For ever, but where only looking again tells that the keyboard is ours once more.
  int patience_ms() const {
    const auto& relays = streams_.relays();
    return std::any_of(relays.begin(), relays.end(), [](const Relay& r) { return r.is_resting(); })
               ? 200
               : -1;
  }

  void relay(const Polls& polls) {
    for (std::size_t i = 0; i < streams_.relays().size(); ++i) {
      streams_.relays()[i].proceed(polls[kRelays + i]);
    }
  }

  void forward_signals() {
    while (const int number = signals_.next()) {
      if (number == SIGWINCH) {
        if (streams_.terminal()) {
          streams_.terminal()->copy_window_size();
        }
      } else {
        ::syscall(SYS_pidfd_send_signal, pidfd_, number, nullptr, 0);
      }
    }
  }

  /// What the workload wrote before its end: until its streams end behind it, or fall silent
  /// while something that it left behind holds them.
  void drain() {
    std::erase_if(streams_.relays(), [](const Relay& relay) { return !relay.is_outwards(); });
    const auto end = Clock::now() + std::chrono::seconds(1);
    for (;;) {
      std::erase_if(streams_.relays(), [](const Relay& relay) { return relay.is_over(); });
      const auto& relays = streams_.relays();
      const bool pending =
          std::any_of(relays.begin(), relays.end(), [](const Relay& r) { return r.is_pending(); });
      if (relays.empty() || (!pending && Clock::now() > end)) {
        return;
      }
      Polls polls = wanted();
      polls[kProcess].fd = polls[kSignals].fd = -1;
      const int ready = ::poll(polls.data(), polls.size(), pending ? -1 : 100);
      if (ready == 0 || (ready < 0 && errno != EINTR)) {
        return;
      }
      relay(polls);
    }
  }

  int pidfd_;
  SignalWatch& signals_;
  Streams& streams_;
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
                                      Streams& streams) {
  const RawMode raw(streams.terminal() ? STDIN_FILENO : -1);
  signals.enter(SignalStage::kLive);
  if (attended.pidfd >= 0) {
    if (auto done = Loop(attended.pidfd, signals, streams).run(); !done) {
      return fail_as(done);
    }
  }
  signals.enter(SignalStage::kCleanUp);
  return await_exit(attended, backend);
}

}  // namespace paddock::run
