// What `attach` and `start --attach` have in common.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace paddock::cli {

inline constexpr const char* kDetachKeys = "ctrl-p,ctrl-q";

/// Stays until the sandbox ends or the user leaves; the exit status.
Result<int> attach(const std::string& name, const Arguments& arguments);

}  // namespace paddock::cli
