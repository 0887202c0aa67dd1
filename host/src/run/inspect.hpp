// One sandbox as its records and the kernel show it, running or ended. Asks no plugin and changes
// nothing. [main thread]
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/plan.hpp"
#include "run/state.hpp"

namespace paddock::run {

struct Inspected {
  State state;
  bool abandoned = false;              ///< its paddock is gone, and something of it is left
  std::optional<contract::Plan> plan;  ///< what was launched; absent before it was proved
  std::string receipt;                 ///< JSON whose digest was checked; empty without one
  std::vector<pid_t> pids;             ///< of all its processes, in our PID namespace
};

/// Whether nobody holds a sandbox that is not over.
bool is_abandoned(const State& state);

/// Whether its first process lives, and is not another one with its PID.
bool is_running(const State& state);

/// The processes of a running sandbox, those of `exec` among them; empty for any other.
std::vector<pid_t> processes_of(const State& state);

/// A live sandbox of that name, else the one that ended last. Errors: kNoSandbox with the nearest
/// name, kStateCorrupt.
Result<State> find_state(const Store& store, const std::string& name);

/// The plan of a launch: as recorded, or as the receipt of one that ended tells it (without the
/// values of environment variables). Errors: kNoSandbox for one that was never proved,
/// kStateCorrupt.
Result<contract::Plan> launched_plan(const Store& store, const State& state);

/// Everything. Errors: those of find_state, kStateCorrupt for a receipt that is not what it was.
Result<Inspected> inspect(const Store& store, const std::string& name);

}  // namespace paddock::run
