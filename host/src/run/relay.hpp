// Bytes on their way between the user and a workload, copied in step with a poll loop.
// [main thread]
#pragma once

#include <poll.h>

#include <functional>
#include <string>

#include "os/unique_fd.hpp"

namespace paddock::run {

class Relay {
 public:
  /// From standard input to `to`, which takes what it can. `owned` closes when the relay is over.
  static Relay inwards(int to, os::UniqueFd owned = {});
  /// From `from` to a standard stream of ours.
  static Relay outwards(int from, int to, os::UniqueFd owned = {});

  /// What was read goes through `filter`, which may change it.
  void set_filter(std::function<void(std::string&)> filter) { filter_ = std::move(filter); }

  /// What to wait for; a negative descriptor for nothing.
  pollfd wanted() const;
  /// After poll(2) returned `ready` for it: at most one read and one write.
  void proceed(const pollfd& ready);

  /// Whether it brings the workload's words.
  bool is_outwards() const { return outwards_; }
  bool is_over() const { return over_; }
  /// Bytes wait to be written.
  bool is_pending() const { return !pending_.empty(); }
  /// Another program has the user's keyboard now; reading it would stop us (SIGTTIN).
  bool is_resting() const;

 private:
  Relay(int from, int to, bool outwards, os::UniqueFd owned)
      : from_(from), to_(to), outwards_(outwards), owned_(std::move(owned)) {}
  void read_some();
  void write_some();
  void finish();

  int from_, to_;
  bool outwards_, over_ = false;
  os::UniqueFd owned_;
  std::string pending_;
  std::function<void(std::string&)> filter_;
};

}  // namespace paddock::run
