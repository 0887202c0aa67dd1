#include "keep/keeper.hpp"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace paddock::keep {
namespace {

constexpr std::size_t kMaxGuests = 64;
/// How long the end waits for a guest that does not read.
constexpr std::chrono::seconds kFarewell{10};

}  // namespace

Keeper::Keeper(Ends ends, LogWriter log, os::UniqueFd listener, int process)
    : in_(std::move(ends.in)),
      terminal_(ends.terminal),
      log_(std::move(log)),
      listener_(std::move(listener)),
      process_(process) {
  sources_.push_back({Stream::kOut, std::move(ends.out)});
  if (ends.err) {
    sources_.push_back({Stream::kErr, std::move(ends.err)});
  }
}

bool Keeper::is_held() const {
  return std::any_of(guests_.begin(), guests_.end(), [](const Guest& g) { return g.is_pending(); });
}

void Keeper::want(std::vector<pollfd>& polls) {
  if (ended_) {
    drop_stuck();
  } else if (is_warm() && std::chrono::steady_clock::now() > stale_at_) {
    kill(SIGKILL);
  }
  const bool held = is_held();
  polls.push_back({listener_.get(), POLLIN, 0});
  polls.push_back({typed_.empty() ? -1 : in_.get(), POLLOUT, 0});
  for (const Source& source : sources_) {
    polls.push_back({held ? -1 : source.fd.get(), POLLIN, 0});
  }
  for (const Guest& guest : guests_) {
    guest.want(polls, in_ && typed_.empty());
  }
}

void Keeper::proceed(const pollfd* ready) {
  const bool called = ready->revents != 0;
  ++ready;
  if (ready++->revents != 0) {
    write_input();
  }
  for (Source& source : sources_) {
    if (ready++->revents != 0) {
      read_source(source);
    }
  }
  for (Guest& guest : guests_) {
    serve(guest, ready);
    ready += Guest::kPolls;
  }
  if (input_ends_ && typed_.empty()) {
    in_.reset();
  }
  dismiss();
  if (called) {
    accept();
  }
}

void Keeper::dismiss() {
  if (taker_ != nullptr && taker_->is_gone() && !ended_) {
    kill(SIGKILL);
  }
  guests_.remove_if([this](const Guest& guest) {
    taker_ = guest.is_gone() && taker_ == &guest ? nullptr : taker_;
    return guest.is_gone();
  });
}

int Keeper::patience_ms() const {
  return ended_ || is_warm() ? 1000 : -1;
}

void Keeper::read_source(Source& source) {
  std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
  const ssize_t got = ::read(source.fd.get(), buffer.data(), buffer.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
    return;
  }
  if (got <= 0) {  // EIO: nobody has the terminal open any more
    source.fd.reset();
    return;
  }
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
  log_.write(source.stream, bytes);
  for (Guest& guest : guests_) {
    guest.write(source.stream, bytes);
  }
}

void Keeper::write_input() {
  const ssize_t wrote = ::write(in_.get(), typed_.data(), typed_.size());
  if (wrote > 0) {
    typed_.erase(0, static_cast<std::size_t>(wrote));
  } else if (wrote < 0 && errno != EINTR && errno != EAGAIN) {
    typed_.clear();
    input_ends_ = true;  // the workload does not read any more
  }
}

void Keeper::accept() {
  os::UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!client || peer_user(client.get()) != ::geteuid()) {
    return;
  }
  Guest& guest = guests_.emplace_back(std::move(client));
  if (guests_.size() > kMaxGuests) {
    Reply reply;
    reply.refused = "too many clients are attached already";
    guest.refuse(reply);
    guests_.pop_back();
  }
}

void Keeper::serve(Guest& guest, const pollfd* ready) {
  guest.proceed(ready);
  typed_ += guest.read_input(ready);
  if (const auto request = guest.hear(ready)) {
    answer(guest, *request);
  }
  if (guest.has_ended_input() && !terminal_) {
    input_ends_ = true;
  }
}

void Keeper::wait_for_taker(std::function<Reply(const Request&)> take, std::chrono::seconds age) {
  take_ = std::move(take);
  stale_at_ = std::chrono::steady_clock::now() + age;
}

void Keeper::kill(int signal) const {
  ::syscall(SYS_pidfd_send_signal, process_, signal, nullptr, 0);
}

void Keeper::enter(Guest& guest, const Request& request) {
  Reply reply;
  set_window(request);
  if (is_warm() != (request.verb == Verb::kTake)) {
    reply.refused = is_warm() ? "it waits for its first command" : "somebody else has taken it";
    return guest.refuse(reply);
  }
  if (is_warm()) {
    const auto take = std::exchange(take_, nullptr);
    taker_ = &guest;
    reply = take(request);
  }
  reply.terminal = terminal_;
  reply.input = static_cast<bool>(in_);
  if (reply.refused.empty()) {
    return guest.welcome(reply);
  }
  guest.refuse(reply);
  kill(SIGKILL);  // half taken, it is of no use to anybody
}

void Keeper::answer(Guest& guest, const Request& request) {
  switch (request.verb) {
    case Verb::kAttach:
    case Verb::kTake:
      return enter(guest, request);
    case Verb::kResize:
      return set_window(request);
    case Verb::kEndInput:
      return;  // takes effect when all of it was read
    case Verb::kSignal:
      if (request.signal > 0 && request.signal < NSIG) {
        kill(static_cast<int>(request.signal));
      }
  }
}

void Keeper::set_window(const Request& request) const {
  constexpr std::int64_t kLargest = 0xffff;
  if (terminal_ && request.rows > 0 && request.rows <= kLargest && request.columns > 0 &&
      request.columns <= kLargest) {
    const winsize size{static_cast<unsigned short>(request.rows),
                       static_cast<unsigned short>(request.columns), 0, 0};
    ::ioctl(sources_.front().fd.get(), TIOCSWINSZ, &size);
  }
}

void Keeper::end_input() {
  ended_ = true;
  typed_.clear();
  in_.reset();
}

bool Keeper::is_over() {
  return !is_held() && std::none_of(sources_.begin(), sources_.end(),
                                    [](const Source& source) { return bool(source.fd); });
}

bool Keeper::is_pending() const {
  return is_held();
}

void Keeper::drop_stuck() {
  const auto limit = std::chrono::steady_clock::now() - kFarewell;
  guests_.remove_if(
      [&](const Guest& guest) { return guest.is_pending() && guest.idle_since() < limit; });
}

void Keeper::tell_end(std::optional<int> exit_code, bool oom_killed) {
  Reply reply;
  reply.ended = true;
  reply.exit_code = exit_code;
  reply.oom_killed = oom_killed;
  for (Guest& guest : guests_) {
    guest.tell_end(reply);
  }
  guests_.clear();
}

}  // namespace paddock::keep
