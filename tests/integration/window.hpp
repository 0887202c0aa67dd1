// A terminal window with paddock in it.
#pragma once

#include <sys/types.h>
#include <termios.h>

#include <functional>
#include <string>
#include <vector>

#include "integration/world.hpp"

namespace paddock::test {

class Window {
 public:
  /// `redirect` is called in the child, whose three streams are the terminal.
  Window(const World& world,
         const std::vector<std::string>& arguments,
         const std::function<void()>& redirect = nullptr);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void type(const std::string& text) const;
  void resize(unsigned short rows, unsigned short columns) const;
  /// Waits until the screen shows `text`, at most 30 s.
  bool await(const std::string& text);
  int wait();
  /// Whether the terminal is as it was before paddock.
  bool restored() const;
  const std::string& screen() const { return screen_; }
  pid_t pid() const { return pid_; }
  /// The window is closed: its programs get SIGHUP.
  void close();

 private:
  void pump();

  int master_ = -1, worker_ = -1;
  pid_t pid_ = -1;
  termios before_{};
  std::string screen_;
};

}  // namespace paddock::test
