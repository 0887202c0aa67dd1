// Questions before something is lost. Never asked of a script: it says --yes. [main thread]
#pragma once

#include <string>

#include "cli/command.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::cli {

/// Shows `what` and asks for y. Errors: kUnconfirmed, also where nobody can answer.
Result<void> confirm(const std::string& what,
                     const std::string& question,
                     const Arguments& arguments);

/// The same for what cannot be brought back: `word` has to be typed.
Result<void> confirm_by_typing(const std::string& what,
                               const std::string& word,
                               const Arguments& arguments);

}  // namespace paddock::cli
