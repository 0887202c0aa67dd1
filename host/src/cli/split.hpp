// The first pass over a command line: which command, which global options, and where the command
// to run begins. Boost.Program_options cannot do this (it knows no subcommands, loses `--`, and
// guesses); it gets the words that this pass leaves. Pure; [any thread].
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace paddock::cli {

/// Options that stand anywhere before `--`, whatever the command.
const std::vector<Option>& global_options();

struct Split {
  const Command* command = nullptr;  ///< null: none was named
  std::string noun;                  ///< "profile" without a verb after it
  std::vector<std::string> globals;  ///< names of global switches seen, in order, repeats kept
  std::string color;                 ///< operand of --color; empty: not given
  std::vector<std::string>
      words;                      ///< options as --name or --name=VALUE, then operands, for parse()
  std::vector<std::string> tail;  ///< verbatim: what follows `--` or the operands of run and exec
};

/// "run" for its alias "launch"; other names as they are.
std::string canonical_name(const std::string& name);

/// Splits `words` (argv without argv[0]). Errors: kUnknownCommand and kUnknownOption, each with
/// the nearest right name; kUsage for an option without its operand. `seen` gets what was
/// understood until then, error or not.
Result<Split> split(const std::vector<std::string>& words,
                    const std::vector<Command>& table,
                    Split* seen = nullptr);

}  // namespace paddock::cli
