// paddock exec
#include "cli/executing.hpp"
#include "cli/listed.hpp"

namespace paddock::cli {

Command exec_command() {
  Command command;
  command.name = "exec";
  command.group = "WORK";
  command.summary = "run one more command in a running sandbox";
  command.description =
      "Starts the gate once more inside the running sandbox NAME, under the same confinement as "
      "its first process, proves that process too, and then runs COMMAND as it. There is no option "
      "that loosens anything: not another user, not more privileges.\n\n"
      "Terminal, streams, signals, exit status and --json are as with `paddock run`; the object "
      "is the proof of this process and the end of COMMAND.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.tail = Tail::kRequired;
  command.examples = {"paddock exec claude -- git status", "paddock exec claude bash"};
  command.run = [](const Arguments& arguments) { return execute(arguments.command, arguments); };
  return command;
}

}  // namespace paddock::cli
