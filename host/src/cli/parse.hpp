// The second pass: one command's own options and operands, by Boost.Program_options.
#pragma once

#include "cli/command.hpp"
#include "cli/split.hpp"

namespace paddock::cli {

/// Errors: kUsage (a missing or extra operand, an option given twice, an empty value),
/// kUnknownOption.
Result<Arguments> parse(const Split& split);

/// "paddock run [OPTIONS] PROFILE [--] COMMAND..."
std::string usage_line(const Command& command);

}  // namespace paddock::cli
