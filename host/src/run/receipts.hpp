// The receipt of a launch: written while the workload runs.
#pragma once

#include "paddock/contract/result.hpp"
#include "run/launch.hpp"

namespace paddock::run {

/// Writes receipt.json. Reads of the session only what no step after the release changes.
/// Errors: kSystem. [any thread]
Result<void> write_receipt(Session& session);

}  // namespace paddock::run
