// What a sandbox gets as its standard streams. A terminal of the user's never enters: whoever
// holds one can read what is typed at it, whichever stream it was handed over as. [main thread]
#pragma once

#include <array>
#include <vector>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "run/relay.hpp"
#include "run/terminal.hpp"

namespace paddock::run {

class Streams {
 public:
  /// Our own three as they are, but terminals replaced: by a new one when `with_terminal`, else
  /// by pipes. Errors: kUsage (a directory on one of them), kSystem.
  static Result<Streams> open(bool with_terminal);
  /// /dev/null.
  static Result<Streams> none();

  /// Names the sandbox's ends.
  void describe(contract::GateSpec& spec) const;
  /// The sandbox holds its ends: ours of them close.
  void hand_over();

  std::vector<Relay>& relays() { return relays_; }
  const std::optional<Terminal>& terminal() const { return terminal_; }

 private:
  Result<void> open_terminal();
  Result<void> replace(int fd);

  std::array<int, 3> ends_ = {0, 1, 2};
  std::vector<os::UniqueFd> opened_;  ///< those of ends_ that are the sandbox's alone
  std::optional<Terminal> terminal_;
  std::vector<Relay> relays_;
};

}  // namespace paddock::run
