// A terminal's way to a sandbox in the background. [main thread]
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/result.hpp"
#include "run/detach_keys.hpp"
#include "run/signals.hpp"
#include "run/state.hpp"

namespace paddock::run {

struct AttachOrder {
  std::string name;
  DetachKeys keys;
  bool input = true;                      ///< whether to pass standard input on
  std::vector<std::string> command = {};  ///< take(): what to run; empty: the profile's
  std::function<void(const std::string&)> welcomed = {};  ///< take(): told of the proof
};

/// How it came to an end: the sandbox's, or that the user left.
struct AttachEnd {
  bool left = false;
  std::optional<int> exit_code;
  bool oom_killed = false;
};

/// Errors: kNoSandbox, kNotRunning (also for one in the foreground), kGate when its keeper died.
Result<AttachEnd> attach_to(const Store& store, AttachOrder order, SignalWatch& signals);

/// The same with a warm sandbox, which runs the order's command for us and ends with us. Errors:
/// kNotRunning when it was gone or could not be proved, kCommandNotFound, kCannotExecute.
Result<AttachEnd> take(const Store& store, AttachOrder order, SignalWatch& signals);

}  // namespace paddock::run
