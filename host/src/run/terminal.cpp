#include "run/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace paddock::run {
namespace {

/// Standard output may be non-blocking, through somebody else's flag on the shared description.
bool write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EAGAIN) {
      pollfd writable{STDOUT_FILENO, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (written < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

bool on_terminal() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

RawMode::RawMode(int fd) : fd_(fd) {
  termios now{};
  if (::tcgetattr(fd, &now) == 0) {
    saved_ = now;
    ::cfmakeraw(&now);
    ::tcsetattr(fd, TCSADRAIN, &now);
  }
}

RawMode::~RawMode() {
  if (saved_) {
    ::tcsetattr(fd_, TCSADRAIN, &*saved_);
  }
}

Result<Terminal> Terminal::create() {
  os::UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, 64> name{};
  if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0 ||
      ::ptsname_r(master.get(), name.data(), name.size()) != 0) {
    return fail_errno(errno, "cannot make a terminal for the sandbox");
  }
  os::UniqueFd worker(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!worker) {
    return fail_errno(errno, "cannot open the sandbox's terminal");
  }
  Terminal terminal(std::move(master), std::move(worker));
  terminal.copy_window_size();
  return terminal;
}

void Terminal::copy_window_size() const {
  winsize size{};
  if (::ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0) {
    ::ioctl(master_.get(), TIOCSWINSZ, &size);
  }
}

bool Terminal::read_user() {
  std::array<char, 4096> buffer{};
  const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (got > 0) {
    typed_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

void Terminal::write_worker() {
  const ssize_t written = ::write(master_.get(), typed_.data(), typed_.size());
  if (written > 0) {
    typed_.erase(0, static_cast<std::size_t>(written));
  } else if (written < 0 && errno != EAGAIN && errno != EINTR) {
    typed_.clear();  // nobody reads any more
  }
}

bool Terminal::read_worker() {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(master_.get(), buffer.data(), buffer.size());
  if (got > 0) {
    return write_out({buffer.data(), static_cast<std::size_t>(got)});
  }
  return got < 0 && (errno == EINTR || errno == EAGAIN);
}

}  // namespace paddock::run
