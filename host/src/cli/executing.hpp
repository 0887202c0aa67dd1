// What `exec` and `shell` have in common.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::cli {

/// Runs `words` in the sandbox that is the first operand, and tells; its exit status.
Result<int> execute(const std::vector<std::string>& words, const Arguments& arguments);

}  // namespace paddock::cli
