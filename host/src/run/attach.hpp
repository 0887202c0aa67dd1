// A terminal's way to a sandbox in the background. [main thread]
#pragma once

#include <optional>
#include <string>

#include "paddock/contract/result.hpp"
#include "run/detach_keys.hpp"
#include "run/signals.hpp"
#include "run/state.hpp"

namespace paddock::run {

struct AttachOrder {
  std::string name;
  DetachKeys keys;
  bool input = true;  ///< whether to pass standard input on
};

/// How it came to an end: the sandbox's, or that the user left.
struct AttachEnd {
  bool left = false;
  std::optional<int> exit_code;
  bool oom_killed = false;
};

/// Errors: kNoSandbox, kNotRunning (also for one in the foreground), kGate when its keeper died.
Result<AttachEnd> attach_to(const Store& store, AttachOrder order, SignalWatch& signals);

}  // namespace paddock::run
