// paddock shell
#include "cli/executing.hpp"
#include "cli/listed.hpp"

namespace paddock::cli {
namespace {

/// The nicest that the sandbox has.
const std::vector<std::string>& shell_words() {
  static const std::vector<std::string> kWords{
      "/bin/sh", "-c", "if command -v bash >/dev/null; then exec bash; else exec sh; fi"};
  return kWords;
}

}  // namespace

Command shell_command() {
  Command command;
  command.name = "shell";
  command.group = "WORK";
  command.summary = "open a shell in a running sandbox";
  command.description =
      "`paddock exec` of a shell: bash where the sandbox has it, else sh. It is confined and "
      "proved as "
      "every other process of the sandbox NAME. Terminal, streams, signals and exit status are as "
      "with "
      "`paddock run`.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.passes_status = true;
  command.examples = {"paddock shell claude", "echo 'ls -l' | paddock shell claude"};
  command.run = [](const Arguments& arguments) { return execute(shell_words(), arguments); };
  return command;
}

}  // namespace paddock::cli
