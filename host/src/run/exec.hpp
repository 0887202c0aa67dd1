// One more command in a running sandbox, under the same confinement, proved too. [main thread]
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "proof/ledger.hpp"
#include "run/launch.hpp"
#include "run/signals.hpp"

namespace paddock::run {

struct ExecOrder {
  std::string name;
  std::vector<std::string> command;
};

/// Told before the command's first instruction: the sandbox and the proof of the new process.
using AnnounceExec = std::function<void(const State&, const proof::Ledger&)>;

/// Errors: kNoSandbox, kNotRunning, kUnproved, kCommandNotFound, kCannotExecute, the backend's.
Result<Outcome> exec(const Store& store,
                     const ExecOrder& order,
                     SignalWatch& signals,
                     const AnnounceExec& announce);

}  // namespace paddock::run
