// The workload's terminal: a pty whose other end we relay to the user's. [main thread]
#pragma once

#include <termios.h>

#include <optional>
#include <utility>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::run {

/// Whether standard input and output are both terminals.
bool on_terminal();

/// The user's terminal in raw mode; the destructor restores it.
class RawMode {
 public:
  explicit RawMode(int fd);
  ~RawMode();
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;

 private:
  int fd_;
  std::optional<termios> saved_;
};

class Terminal {
 public:
  /// A new pty of the user's window size, or of 24 lines of 80 columns. Errors: kSystem.
  static Result<Terminal> create();

  /// The sandbox's end, once.
  os::UniqueFd take_worker() { return std::move(worker_); }
  /// Ours, once, where somebody else relays.
  os::UniqueFd take_master() { return std::move(master_); }
  int fd() const { return master_.get(); }
  /// After SIGWINCH.
  void copy_window_size() const;

 private:
  Terminal(os::UniqueFd master, os::UniqueFd worker)
      : master_(std::move(master)), worker_(std::move(worker)) {}
  os::UniqueFd master_;
  os::UniqueFd worker_;
};

}  // namespace paddock::run
