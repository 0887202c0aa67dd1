// What may stand next on a command line, for the shells. Pure but for `sources`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace paddock::cli {

struct Candidate {
  std::string word;
  std::string help;
};

/// Names that only the machine knows, by kind: "profile", "sandbox",
/// "record", "backend", "plugin"; and the fixed "shell" and "color".
using NameSource = std::function<std::vector<std::string>(std::string_view kind)>;

struct Completion {
  std::vector<Candidate> candidates;  ///< begin with the last word
  bool files = false;                 ///< the shell's own file completion belongs here
};

/// `words` is the line after "paddock"; the last one is being typed and may be empty.
Completion complete(const std::vector<std::string>& words,
                    const std::vector<Command>& table,
                    const NameSource& names);

}  // namespace paddock::cli
