#include "run/relay.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace paddock::run {
namespace {

bool is_passing(int error) {
  return error == EINTR || error == EAGAIN;
}

}  // namespace

Relay Relay::inwards(int to, os::UniqueFd owned) {
  return Relay(STDIN_FILENO, to, false, std::move(owned));
}

Relay Relay::outwards(int from, int to, os::UniqueFd owned) {
  return Relay(from, to, true, std::move(owned));
}

bool Relay::is_resting() const {
  // Fails where it is not our controlling terminal: then there is no job control to heed.
  const pid_t foreground = outwards_ || over_ || is_pending() ? -1 : ::tcgetpgrp(from_);
  return foreground >= 0 && foreground != ::getpgrp();
}

pollfd Relay::wanted() const {
  if (over_ || is_resting()) {
    return {-1, 0, 0};
  }
  return is_pending() ? pollfd{to_, POLLOUT, 0} : pollfd{from_, POLLIN, 0};
}

void Relay::proceed(const pollfd& ready) {
  if (ready.revents == 0 || over_) {
    return;
  }
  if (!is_pending()) {
    read_some();
  }
  if (is_pending()) {
    write_some();
  }
}

void Relay::read_some() {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(from_, buffer.data(), buffer.size());
  if (got > 0) {
    pending_.assign(buffer.data(), static_cast<std::size_t>(got));
    if (filter_) {
      filter_(pending_);
    }
  } else if (got == 0 || !is_passing(errno)) {
    finish();
  }
}

void Relay::write_some() {
  const ssize_t written = ::write(to_, pending_.data(), pending_.size());
  if (written > 0) {
    pending_.erase(0, static_cast<std::size_t>(written));
  } else if (written < 0 && !is_passing(errno)) {
    finish();  // nobody reads any more
  }
}

void Relay::finish() {
  over_ = true;
  pending_.clear();
  owned_.reset();
}

}  // namespace paddock::run
