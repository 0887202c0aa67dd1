#include "run/terminal.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace paddock::run {
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
  winsize size{24, 80, 0, 0};
  ::ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
  ::ioctl(master_.get(), TIOCSWINSZ, &size);
}

}  // namespace paddock::run
