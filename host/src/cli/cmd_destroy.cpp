// paddock destroy
#include "cli/confirm.hpp"
#include "cli/grace.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/profile_common.hpp"
#include "cli/store.hpp"
#include "run/destroy.hpp"

namespace paddock::cli {
namespace {

std::string losses(const run::Doomed& doomed) {
  std::string text = "destroys sandbox '" + doomed.state.name + "':\n";
  text += doomed.live
              ? "  it is stopped: " + std::string(run::phase_name(doomed.state.phase)) + "\n"
              : "";
  text += "  its record, its receipt and its log\n";
  if (!doomed.workspace.empty()) {
    text += "  the folder '" + doomed.workspace.string() + "' and everything in it\n";
  }
  return text;
}

Result<int> destroy(const Arguments& arguments) {
  const auto grace = grace_of(arguments);
  const std::string& name = arguments.operands.front();
  const run::Store store = open_store();
  const auto doomed = run::look_for_destroy(store, name, arguments.flag("workspace"));
  if (!grace || !doomed) {
    return grace ? fail_as(doomed) : fail_as(grace);
  }
  if (auto sure = confirm_by_typing(losses(*doomed), name, arguments); !sure) {
    return fail_as(sure);
  }
  if (auto done = run::destroy(store, *doomed, *grace); !done) {
    return fail_as(done);
  }
  if (arguments.json) {
    print_json("paddock.destroy/1", {{"destroyed", Node(name)},
                                     {"workspace_removed", Node(!doomed->workspace.empty())}});
  } else if (!arguments.quiet) {
    print(name + "\n");
  }
  return 0;
}

}  // namespace

Command destroy_command() {
  Command command;
  command.name = "destroy";
  command.group = "CHANGE";
  command.summary = "end a sandbox and forget it";
  command.description =
      "Stops the sandbox NAME if it runs, and removes what paddock keeps of it: record, receipt "
      "and log. "
      "What it will remove is shown, and NAME has to be typed; --yes answers for a script.\n\n"
      "The workspace stays, unless --workspace is given. It is refused for a folder that holds "
      "your home, "
      "paddock's own folders or a mount, and for one that another sandbox uses.\n\n"
      "Exit status: 6 when nobody confirms.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.options = {
      {"workspace", 0, "", "also remove the workspace's folder and everything in it"},
      grace_option()};
  command.examples = {"paddock destroy claude", "paddock destroy --yes --workspace scratch"};
  command.run = destroy;
  return command;
}

}  // namespace paddock::cli
