// A launch as its user sees it; what `run` and `start` have in common.
#pragma once

#include <functional>

#include "cli/command.hpp"
#include "paddock/contract/result.hpp"
#include "run/order.hpp"

namespace paddock::cli {

/// Launches and tells; the exit status: of the workload, or 0 once it runs in the background.
/// Of `arguments`: --ledger, --timings and the global ones.
Result<int> launch(run::Order order, const Arguments& arguments);

/// Into the background. `make_order` is called in the process that goes there, so that nothing is
/// loaded before it parts.
Result<int> launch_in_background(const std::function<Result<run::Order>()>& make_order,
                                 const Arguments& arguments);

}  // namespace paddock::cli
