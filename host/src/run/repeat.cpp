#include "run/repeat.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "run/steps.hpp"

namespace paddock::run {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
constexpr std::chrono::milliseconds kShortest = 100ms, kLongest = 60s;
constexpr auto kLongRun = 10s;  ///< a run of this length is none that fails at once

/// Whether nobody wanted the end meanwhile.
bool wait(const Session& session, const SignalWatch& signals, std::chrono::milliseconds pause) {
  const auto stopped = [&] {
    return signals.ended_by_signal() || session.store.is_marked_stopped(session.state.name);
  };
  for (const auto end = Clock::now() + pause; Clock::now() < end && !stopped();) {
    std::this_thread::sleep_for(20ms);
  }
  return !stopped();
}

/// The name stays ours, and the folder is what it was.
std::unique_ptr<Session> follow(Session& ended) {
  Order order = ended.state.order;
  (void)!::chdir(order.folder.c_str());  // gone: then the profile says whether it needs it
  order.resumes = true;
  auto next = std::make_unique<Session>(std::move(order), ended.store);
  next->lock = std::move(ended.lock);
  next->earlier = ended.state;
  return next;
}

}  // namespace

Result<Outcome> launch_repeatedly(std::unique_ptr<Session>& session,
                                  SignalWatch& signals,
                                  Announce announce) {
  for (auto pause = kShortest;; pause = std::min(pause * 2, kLongest)) {
    const auto began = Clock::now();
    auto outcome = launch(*session, signals, announce);
    if (!outcome || !session->restarts) {
      return outcome;
    }
    pause = Clock::now() - began > kLongRun ? kShortest : pause;
    if (!wait(*session, signals, pause)) {
      const auto ended = end(*session);
      return ended ? std::move(outcome) : fail_as(ended);
    }
    announce.running = [](const Session&) { (void)!::chdir("/"); };
    session = follow(*session);
  }
}

}  // namespace paddock::run
