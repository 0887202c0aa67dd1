// A view that is drawn again and again on a terminal, until a signal ends it. The terminal is put
// back whichever way that is. One instance a process. [main thread]
#pragma once

#include <chrono>
#include <csignal>
#include <string>

namespace paddock::cli {

/// Signals that end a view, kept back while one of these lives.
class EndSignals {
 public:
  EndSignals();
  ~EndSignals();
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  /// Waits; the signal that came, 0 for none in that time. SIGWINCH is one, and ends nothing.
  int wait(std::chrono::milliseconds time) const;

 private:
  sigset_t kept_{}, before_{};
};

/// Rows and columns of the terminal on standard output.
struct ScreenSize {
  std::size_t rows = 24, columns = 80;
};
ScreenSize screen_size();

/// The terminal's other screen, without its cursor.
class LiveScreen {
 public:
  LiveScreen();
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  /// Shows `text`, as many of its lines as there are rows.
  void draw(const std::string& text) const;
};

}  // namespace paddock::cli
