// The program behind main(): from a command line to an exit status. The only renderer of errors.
#pragma once

#include <string>
#include <vector>

namespace paddock::cli {

/// "paddock 0.1.0\n", a literal: `--version` needs nothing initialised.
extern const char kVersionLine[];

/// `words` is argv without argv[0]. Never throws: a defect ends in status 125.
int run_program(const std::vector<std::string>& words);

}  // namespace paddock::cli
