#include "cli/live_screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "cli/output.hpp"

namespace paddock::cli {
namespace {

// xterm's control sequences, which every terminal of today has.
constexpr const char* kEnter = "\x1b[?1049h\x1b[?25l";
constexpr const char* kLeave = "\x1b[?25h\x1b[?1049l";
constexpr const char* kHome = "\x1b[H";
constexpr const char* kRestOfLine = "\x1b[K";
constexpr const char* kRestOfScreen = "\x1b[J";

}  // namespace

EndSignals::EndSignals() {
  ::sigemptyset(&kept_);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH}) {
    ::sigaddset(&kept_, number);
  }
  ::sigprocmask(SIG_BLOCK, &kept_, &before_);
}

EndSignals::~EndSignals() {
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

int EndSignals::wait(std::chrono::milliseconds time) const {
  const timespec limit{time.count() / 1000, (time.count() % 1000) * 1000000};
  return std::max(::sigtimedwait(&kept_, nullptr, &limit), 0);
}

ScreenSize screen_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
    return {};
  }
  return {size.ws_row, size.ws_col};
}

LiveScreen::LiveScreen() {
  print(kEnter);
}

LiveScreen::~LiveScreen() {
  print(kLeave);
}

void LiveScreen::draw(const std::string& text) const {
  std::string out = kHome;
  const std::size_t rows = screen_size().rows;
  std::size_t at = 0;
  for (std::size_t row = 0; row < rows && at < text.size(); ++row) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += (row == 0 ? "" : "\r\n") + text.substr(at, end - at) + kRestOfLine;
    at = end + 1;
  }
  print(out + kRestOfScreen);
}

}  // namespace paddock::cli
