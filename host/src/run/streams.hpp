// What a sandbox gets as its standard streams. A terminal of the user's never enters: whoever
// holds one can read what is typed at it, whichever stream it was handed over as. [main thread]
#pragma once

#include <array>
#include <vector>

#include "keep/keeper.hpp"
#include "keep/traffic.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "proof/proof.hpp"
#include "run/relay.hpp"
#include "run/terminal.hpp"

namespace paddock::run {

/// What a workload in the background starts with.
struct BackgroundStreams {
  bool terminal = false;
  bool input = false;  ///< else standard input is /dev/null; a terminal has one always
};

class Streams final : public keep::Traffic {
 public:
  /// Our own three as they are, but terminals replaced: by a new one when `with_terminal`, else
  /// by pipes. Errors: kUsage (a directory on one of them), kSystem.
  static Result<Streams> open(bool with_terminal);
  /// /dev/null.
  static Result<Streams> none();
  /// Of our own making, whatever ours are; `ends` are for a keeper.
  static Result<Streams> background(const BackgroundStreams& wanted, keep::Ends& ends);

  /// The terminal among the sandbox's ends, before they are handed over.
  proof::FileIdentity terminal_identity() const;
  /// Names the sandbox's ends.
  void describe(contract::GateSpec& spec) const;
  /// The sandbox holds its ends: ours of them close.
  void hand_over();

  const std::optional<Terminal>& terminal() const { return terminal_; }

  void want(std::vector<pollfd>& polls) override;
  void proceed(const pollfd* ready) override;
  int patience_ms() const override;
  void resize() override;
  void end_input() override;
  bool is_over() override;
  bool is_pending() const override;

 private:
  Result<void> open_terminal();
  Result<os::UniqueFd> open_pipe(int fd);
  Result<void> replace(int fd);
  Result<void> fill_background(const BackgroundStreams& wanted, keep::Ends& ends);
  Result<void> fill_terminal(keep::Ends& ends);

  std::array<int, 3> ends_ = {0, 1, 2};
  std::vector<os::UniqueFd> opened_;  ///< those of ends_ that are the sandbox's alone
  std::optional<Terminal> terminal_;
  std::vector<Relay> relays_;
};

}  // namespace paddock::run
