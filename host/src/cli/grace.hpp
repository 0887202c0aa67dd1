// --grace of the commands that stop sandboxes.
#pragma once

#include <chrono>

#include "cli/command.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::cli {

Option grace_option();
/// Errors: kUsage.
Result<std::chrono::milliseconds> grace_of(const Arguments& arguments);

}  // namespace paddock::cli
