// One table of commands renders --help, man text, completion and the parser's rules, so that
// they cannot drift apart. A command is one file in this directory that defines its Command.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::cli {

/// One option of a command.
struct Option {
  std::string name;     ///< long name without dashes
  char letter = 0;      ///< short form, 0: none
  std::string operand;  ///< "KEY=VALUE"; empty: a switch
  std::string help;     ///< one line, lower case, no full stop
  bool repeatable = false;
  std::string completes =
      {};  ///< what completes the operand: "profile", "sandbox", "file", ... or ""
};

/// What the parser understood.
class Arguments {
 public:
  bool flag(std::string_view name) const;
  std::string value(std::string_view name, std::string fallback = {}) const;
  std::vector<std::string> values(std::string_view name) const;

  std::vector<std::string> operands;  ///< positionals before the command to run
  std::vector<std::string> command;   ///< run, exec: the command to run, verbatim
  std::map<std::string, std::vector<std::string>, std::less<>> options;

  bool json = false;      ///< --json
  bool plain = false;     ///< --plain
  bool yes = false;       ///< --yes
  bool no_input = false;  ///< --no-input: never ask
  bool quiet = false;     ///< --quiet
  int verbose = 0;        ///< how often --verbose was given
};

/// Which positionals a command takes.
struct Operand {
  std::string name;  ///< "PROFILE"
  bool required = true;
  bool repeated = false;
  std::string completes = {};
};

/// Whether everything after the operands or `--` is a command, verbatim. Its exit status is ours
/// then: paddock's own failures are 125 (run, exec).
enum class Tail { kNone, kOptional, kRequired };

struct Command {
  std::string name;         ///< "run", or "profile list" for a noun and its verb
  std::string group;        ///< heading in `paddock --help`
  std::string summary;      ///< one line
  std::string description;  ///< paragraphs for --help, man-page quality: what, how, exit status
  std::vector<Operand> operands;
  Tail tail = Tail::kNone;
  std::vector<Option> options;
  bool takes_command() const { return tail != Tail::kNone; }
  bool passes_status = false;         ///< the same exit status without such a tail (shell)
  std::vector<std::string> examples;  ///< "paddock run quickstart -- make  # build in a sandbox"
  /// Runs it; the exit status. A command without group is hidden. Results go to stdout, errors are
  /// returned and rendered by main.
  std::function<Result<int>(const Arguments&)> run;
};

/// All commands, in the order of the help. Each is defined by a function in its own file, for
/// example `Command profile_list_command();`, and listed in commands.cpp.
const std::vector<Command>& commands();

}  // namespace paddock::cli
