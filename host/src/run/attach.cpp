#include "run/attach.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include "keep/control.hpp"
#include "run/relay.hpp"
#include "run/terminal.hpp"

namespace paddock::run {
namespace {

/// Our ends of the pipes between us and the keeper, and its.
struct Pipes {
  std::array<os::UniqueFd, 3> ours, theirs;
};

Result<Pipes> make_pipes() {
  Pipes pipes;
  for (const std::size_t stream : {0, 1, 2}) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      return fail_errno(errno, "cannot make a pipe");
    }
    const bool inwards = stream == STDIN_FILENO;
    pipes.theirs.at(stream).reset(ends.at(inwards ? 0 : 1));
    pipes.ours.at(stream).reset(ends.at(inwards ? 1 : 0));
  }
  ::fcntl(pipes.ours[0].get(), F_SETFL, O_NONBLOCK);
  return pipes;
}

keep::Request window_request(keep::Verb verb) {
  winsize size{};
  ::ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
  return {verb, size.ws_row, size.ws_col, 0};
}

std::string terminal_name() {
  const char* const term = std::getenv("TERM");
  return term == nullptr ? "" : term;
}

class Visit {
 public:
  Visit(os::UniqueFd control, Pipes pipes, AttachOrder order, keep::Verb verb, SignalWatch& signals)
      : control_(std::move(control)),
        pipes_(std::move(pipes)),
        order_(std::move(order)),
        verb_(verb),
        signals_(signals) {}

  Result<AttachEnd> stay() {
    const auto welcome = enter();
    if (!welcome) {
      return fail_as(welcome);
    }
    if (order_.welcomed) {
      order_.welcomed(welcome->note);
    }
    const RawMode raw(welcome->terminal && order_.input ? STDIN_FILENO : -1);
    start_relays(welcome->input && order_.input);
    redraw(welcome->terminal);
    signals_.enter(SignalStage::kLive);
    while (!end_.left && (!ended_ || !is_silent())) {
      if (auto turned = turn(); !turned) {
        return fail_as(turned);
      }
    }
    signals_.enter(SignalStage::kCleanUp);
    return end_;
  }

 private:
  Result<keep::Reply> enter() {
    keep::Request entry = window_request(verb_);
    entry.command = order_.command;
    entry.term = terminal_name();
    const auto request = keep::encode(entry);
    const std::vector<int> descriptors{pipes_.theirs[0].get(), pipes_.theirs[1].get(),
                                       pipes_.theirs[2].get()};
    if (auto sent = keep::send_packet(control_.get(), request, descriptors); !sent) {
      return fail_as(sent);
    }
    pipes_.theirs = {};
    auto packet = keep::receive_packet(control_.get());
    auto reply = !packet                ? Result<keep::Reply>(fail_as(packet))
                 : packet->text.empty() ? Result<keep::Reply>(ended_just_now())
                                        : keep::decode_reply(packet->text);
    if (reply && !reply->refused.empty()) {
      return fail(reply->code == 0 ? ErrorCode::kNotRunning : static_cast<ErrorCode>(reply->code),
                  reply->code == 0
                      ? "sandbox '" + order_.name + "' lets nobody in: " + reply->refused
                      : reply->refused);
    }
    return reply;
  }

  /// Of one that was taken, the command may have run: it is not to be run in another.
  Failure ended_just_now() const {
    return fail(verb_ == keep::Verb::kTake ? ErrorCode::kGate : ErrorCode::kNotRunning,
                "sandbox '" + order_.name + "' is not running: it has just ended");
  }

  void start_relays(bool input) {
    const int in = pipes_.ours[0].get(), out = pipes_.ours[1].get(), err = pipes_.ours[2].get();
    relays_.push_back(Relay::outwards(out, STDOUT_FILENO, std::move(pipes_.ours[1])));
    relays_.push_back(Relay::outwards(err, STDERR_FILENO, std::move(pipes_.ours[2])));
    if (input) {
      relays_.push_back(Relay::inwards(in, std::move(pipes_.ours[0])));
      relays_.back().set_filter(
          [this](std::string& typed) { end_.left = order_.keys.strike(typed); });
    } else {
      pipes_.ours[0].reset();
    }
  }

  /// A program that draws the whole screen does so anew when its window changes.
  void redraw(bool terminal) {
    keep::Request request = window_request(keep::Verb::kResize);
    if (terminal && request.rows > 1) {
      --request.rows;
      tell(request);
      tell(window_request(keep::Verb::kResize));
    }
  }

  /// A keeper that is gone is noticed when it is read from.
  void tell(const keep::Request& request) {
    (void)keep::send_packet(control_.get(), keep::encode(request)).has_value();
  }

  Result<void> turn() {
    std::vector<pollfd> polls{{ended_ ? -1 : control_.get(), POLLIN, 0},
                              {signals_.fd(), POLLIN, 0}};
    bool resting = false;
    for (const Relay& relay : relays_) {
      polls.push_back(relay.wanted());
      resting = resting || relay.is_resting();
    }
    if (::poll(polls.data(), polls.size(), resting ? 200 : -1) < 0) {
      return errno == EINTR ? Result<void>{} : fail_errno(errno, "cannot wait for the sandbox");
    }
    if (polls[1].revents != 0) {
      pass_signals();
    }
    for (std::size_t i = 0; i < relays_.size(); ++i) {
      relays_[i].proceed(polls[2 + i]);
    }
    end_input();
    return polls[0].revents != 0 ? hear() : Result<void>{};
  }

  void end_input() {
    if (!told_end_ && relays_.size() > 2 && relays_.back().is_over()) {
      told_end_ = true;
      tell({keep::Verb::kEndInput, 0, 0, 0});
    }
  }

  void pass_signals() {
    while (const int number = signals_.next()) {
      if (number == SIGWINCH) {
        tell(window_request(keep::Verb::kResize));
      } else if (number == SIGHUP && verb_ == keep::Verb::kAttach) {
        end_.left = true;
      } else {
        tell({keep::Verb::kSignal, 0, 0, number});
      }
    }
  }

  Result<void> hear() {
    const auto packet = keep::receive_packet(control_.get());
    const auto reply = packet && !packet->text.empty() ? keep::decode_reply(packet->text)
                                                       : fail(ErrorCode::kGate, "no reply");
    if (!reply || !reply->ended) {
      return fail(ErrorCode::kGate, "the process that kept sandbox '" + order_.name + "' is gone",
                  "`paddock gc` clears away what it left");
    }
    ended_ = true;
    end_.exit_code = reply->exit_code;
    end_.oom_killed = reply->oom_killed;
    return {};
  }

  bool is_silent() const { return relays_[0].is_over() && relays_[1].is_over(); }

  os::UniqueFd control_;
  Pipes pipes_;
  AttachOrder order_;
  keep::Verb verb_;
  SignalWatch& signals_;
  std::vector<Relay> relays_;  ///< output, errors, and input where there is one
  AttachEnd end_;
  bool ended_ = false, told_end_ = false;
};

Result<AttachEnd> visit(const Store& store,
                        AttachOrder order,
                        keep::Verb verb,
                        SignalWatch& signals) {
  auto control = keep::connect_in(store.directory(order.name), kKeeperSocket);
  auto pipes = make_pipes();
  if (!control || !pipes) {
    return control ? fail_as(pipes) : fail(ErrorCode::kNotRunning, control.error().what);
  }
  return Visit(std::move(*control), std::move(*pipes), std::move(order), verb, signals).stay();
}

}  // namespace

Result<AttachEnd> attach_to(const Store& store, AttachOrder order, SignalWatch& signals) {
  const auto state = store.load(order.name);
  if (!state) {
    return fail_as(state);
  }
  if (state->phase != Phase::kRunning) {
    return fail(ErrorCode::kNotRunning, "sandbox '" + order.name + "' is not running: " +
                                            std::string(phase_name(state->phase)));
  }
  if (!state->order.background) {
    return fail(ErrorCode::kNotRunning,
                "sandbox '" + order.name + "' runs in the foreground of process " +
                    std::to_string(state->host_pid),
                "`paddock exec` or `paddock shell` gets you into it");
  }
  return visit(store, std::move(order), keep::Verb::kAttach, signals);
}

Result<AttachEnd> take(const Store& store, AttachOrder order, SignalWatch& signals) {
  return visit(store, std::move(order), keep::Verb::kTake, signals);
}

}  // namespace paddock::run
