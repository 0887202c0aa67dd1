// paddock stop
#include "base/node.hpp"
#include "cli/grace.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/stop.hpp"

namespace paddock::cli {
namespace {

Result<int> stop(const Arguments& arguments) {
  const auto grace = grace_of(arguments);
  if (!grace) {
    return fail_as(grace);
  }
  const auto store = open_store();
  Node::Array stopped;
  std::optional<Error> first;  // one that cannot be stopped keeps no other running
  for (const std::string& name : arguments.operands) {
    auto done = run::stop(store, name, *grace);
    if (done) {
      stopped.emplace_back(name);
    } else if (first) {
      first->others.push_back(done.error());
    } else {
      first = done.error();
    }
    if (done && !arguments.json && !arguments.quiet) {
      print(name + "\n");
    }
  }
  if (arguments.json) {
    print(to_json(Node(Node::Table{{"schema", Node(std::string("paddock.stop/1"))},
                                   {"stopped", Node(std::move(stopped))}})) +
          "\n");
  }
  return first ? Failure(std::move(*first)) : Result<int>(0);
}

}  // namespace

Command stop_command() {
  Command command;
  command.name = "stop";
  command.group = "CHANGE";
  command.summary = "end running sandboxes";
  command.description =
      "Sends SIGTERM to the command of each sandbox NAME, kills what is left after the grace, and "
      "returns "
      "when nothing of the sandbox is left. Folders of the workspace stay as they are.";
  command.operands = {{"NAME", true, true, "sandbox"}};
  command.options = {grace_option()};
  command.examples = {"paddock stop claude", "paddock stop --grace 0 claude"};
  command.run = stop;
  return command;
}

}  // namespace paddock::cli
