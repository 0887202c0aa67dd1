// Bytes on their way while a workload lives, as a loop over poll(2) serves them. [main thread]
#pragma once

#include <poll.h>

#include <vector>

namespace paddock::keep {

class Traffic {
 public:
  virtual ~Traffic() = default;

  /// Appends what to wait for; poll(2) skips entries with a negative descriptor.
  virtual void want(std::vector<pollfd>& polls) = 0;
  /// What poll(2) said of the entries that the last want() appended, in the same order.
  virtual void proceed(const pollfd* ready) = 0;
  /// How long to wait at most before want() is asked again, in ms; -1: for ever.
  virtual int patience_ms() const { return -1; }
  /// The user's window has another size.
  virtual void resize() {}

  /// The workload has ended: what it wrote is all that still moves.
  virtual void end_input() = 0;
  /// Whether all of that has come through.
  virtual bool is_over() = 0;
  /// Whether some of it waits for a reader.
  virtual bool is_pending() const = 0;

 protected:
  Traffic() = default;
  Traffic(const Traffic&) = default;
  Traffic(Traffic&&) = default;
  Traffic& operator=(const Traffic&) = default;
  Traffic& operator=(Traffic&&) = default;
};

}  // namespace paddock::keep
