// The workload's terminal: a pty whose other end we relay to the user's. The user's own terminal
// never enters a sandbox, so nothing inside can type into it. [main thread]
#pragma once

#include <termios.h>

#include <optional>
#include <string>

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
  /// A new pty of the user's window size. Errors: kSystem.
  static Result<Terminal> create();

  int worker_fd() const { return worker_.get(); }
  /// The sandbox holds its end: ours of it closes.
  void close_worker() { worker_.reset(); }
  int fd() const { return master_.get(); }
  /// After SIGWINCH.
  void copy_window_size() const;

  /// Whether bytes wait to be written to the workload.
  bool pending() const { return !typed_.empty(); }
  /// One read of the user's input; false at its end.
  bool read_user();
  /// Writes what the workload takes now.
  void write_worker();
  /// One read of the workload's output to standard output; false when it is over.
  bool read_worker();

 private:
  Terminal(os::UniqueFd master, os::UniqueFd worker)
      : master_(std::move(master)), worker_(std::move(worker)) {}
  os::UniqueFd master_;
  os::UniqueFd worker_;
  std::string typed_;
};

}  // namespace paddock::run
