// Ending a running sandbox from outside. [main thread]
#pragma once

#include <chrono>
#include <string>

#include "run/state.hpp"

namespace paddock::run {

/// Asks the workload to end, kills it after `grace`, and waits until its paddock has cleared it
/// away. Errors: kNoSandbox, kTimeout, the backend's.
Result<void> stop(const Store& store, const std::string& name, std::chrono::milliseconds grace);

}  // namespace paddock::run
