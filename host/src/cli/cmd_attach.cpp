// paddock attach
#include "cli/attaching.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/attach.hpp"

namespace paddock::cli {

Result<int> attach(const std::string& name, const Arguments& arguments) {
  auto keys = run::DetachKeys::parse(arguments.value("detach-keys", kDetachKeys));
  if (!keys) {
    return fail_as(keys);
  }
  run::SignalWatch signals;
  const auto end =
      run::attach_to(open_store(), {name, std::move(*keys), !arguments.flag("no-stdin")}, signals);
  if (!end) {
    return fail_as(end);
  }
  if (end->left && !arguments.quiet) {
    print_error("paddock: left '" + name + "', which runs on\n");
  }
  return end->left ? 0 : end->exit_code.value_or(1);
}

Command attach_command() {
  Command command;
  command.name = "attach";
  command.group = "WORK";
  command.summary = "see and type at a sandbox in the background";
  command.description =
      "Connects standard input, output and error with those of the sandbox NAME, which was started "
      "with `paddock run --detach`, from now on: `paddock logs` shows what was written before. "
      "Several "
      "can be attached at once. One that does not read what the command writes holds it up, as a "
      "pipe "
      "does.\n\n"
      "The detach keys leave it and let it run on; so does the end of your terminal. With a "
      "terminal of "
      "its own, everything else that is typed goes to the command; without one, SIGINT, SIGTERM, "
      "SIGQUIT, SIGUSR1 and "
      "SIGUSR2 do, and the end of standard input is the end of the command's. A command that was "
      "started without --interactive and "
      "--tty has no input.\n\n"
      "The exit status is the command's when it ends meanwhile, and 0 when you leave.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.options = {
      {"detach-keys", 0, "KEYS", "keys that leave, none for an empty word [ctrl-p,ctrl-q]"},
      {"no-stdin", 0, "", "only look: do not pass standard input on"}};
  command.examples = {"paddock attach claude", "paddock attach --detach-keys ctrl-x claude"};
  command.run = [](const Arguments& arguments) {
    return attach(arguments.operands.front(), arguments);
  };
  return command;
}

}  // namespace paddock::cli
