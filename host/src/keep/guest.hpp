// One client that is attached to a sandbox in the background, as its keeper sees it. A guest that
// does not read holds the workload up, as a pipe would. [main thread]
#pragma once

#include <poll.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keep/control.hpp"
#include "keep/log_format.hpp"
#include "os/unique_fd.hpp"

namespace paddock::keep {

class Guest {
 public:
  explicit Guest(os::UniqueFd control) : control_(std::move(control)) {}

  /// Appends kPolls entries; its input is waited for where `takes_input`.
  static constexpr std::size_t kPolls = 4;
  void want(std::vector<pollfd>& polls, bool takes_input) const;

  /// What it asks of the keeper, if poll(2) says that it asks something.
  std::optional<Request> hear(const pollfd* ready);
  /// What it typed, in the same way.
  std::string read_input(const pollfd* ready);
  /// Whether it said that its input ends, and all of it was read.
  bool has_ended_input() const { return ends_input_ && !in_; }
  /// Goes on writing what it has not read.
  void proceed(const pollfd* ready);

  void welcome(const Reply& reply);
  void refuse(const Reply& reply);
  void write(Stream stream, std::string_view bytes);
  void tell_end(const Reply& reply);

  bool is_gone() const { return !control_; }
  bool is_pending() const { return !pending_[0].empty() || !pending_[1].empty(); }
  /// Since when it has not read what is pending.
  std::chrono::steady_clock::time_point idle_since() const { return moved_; }

 private:
  void take(std::vector<os::UniqueFd> descriptors);
  void flush(std::size_t stream);
  void leave();

  os::UniqueFd control_, in_;
  std::array<os::UniqueFd, 2> out_;
  std::array<std::string, 2> pending_;
  std::chrono::steady_clock::time_point moved_ = std::chrono::steady_clock::now();
  bool attached_ = false, ends_input_ = false;
};

}  // namespace paddock::keep
