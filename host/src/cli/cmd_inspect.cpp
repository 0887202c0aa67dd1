// paddock inspect
#include "cli/inspect_view.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"

namespace paddock::cli {
namespace {

Result<int> inspect(const Arguments& arguments) {
  const auto inspected = run::inspect(open_store(), arguments.operands.front());
  if (!inspected) {
    return fail_as(inspected);
  }
  if (arguments.json) {
    const auto node = inspect_node(*inspected);
    return node ? (print(to_json(*node) + "\n"), Result<int>(0)) : fail_as(node);
  }
  const auto text = inspect_text(*inspected, arguments.plain);
  return text ? (print(*text), Result<int>(0)) : fail_as(text);
}

}  // namespace

Command inspect_command() {
  Command command;
  command.name = "inspect";
  command.group = "SEE";
  command.summary = "show everything that is known of a sandbox";
  command.description =
      "Shows sandbox NAME, running or ended: its state, command and times, the host PIDs of its "
      "processes (those of `paddock exec` too), what is mounted where, its limits, what was proved "
      "of each protection, and its control groups. The text of a process is its own word.\n\n"
      "With --plain, one record a line, whose first field says what it is: fact, process, mount, "
      "limit, protection or cgroup. The schema of --json is paddock.inspect/1.";
  command.operands = {{"NAME", true, false, "record"}};
  command.examples = {"paddock inspect claude", "paddock inspect --json claude"};
  command.run = inspect;
  return command;
}

}  // namespace paddock::cli
