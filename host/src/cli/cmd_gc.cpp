// paddock gc
#include "base/node.hpp"
#include "base/render.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "os/paths.hpp"
#include "run/heal.hpp"

namespace paddock::cli {
namespace {

Node node(const run::Healed& healed) {
  Node::Table table{{"name", Node(healed.name)},
                    {"instance", Node(healed.instance)},
                    {"backend", Node(healed.backend)},
                    {"cleared", Node(healed.cleared)}};
  if (healed.error) {
    table["error"] = Node(healed.error->what);
  }
  return Node(std::move(table));
}

void show(const std::vector<run::Healed>& list, const Arguments& arguments) {
  Node::Array nodes;
  std::string lines;
  for (const run::Healed& healed : list) {
    nodes.push_back(node(healed));
    lines += healed.cleared ? "cleared " + healed.name + "\n" : "";
  }
  if (arguments.json) {
    print(to_json(Node(Node::Table{{"schema", Node(std::string("paddock.gc/1"))},
                                   {"sandboxes", Node(std::move(nodes))}})) +
          "\n");
  } else if (!arguments.quiet) {
    print(lines.empty() && list.empty() ? "nothing to clear\n" : lines);
  }
}

Result<int> gc(const Arguments& arguments) {
  const auto list = run::heal(run::Store(os::user_paths().state), run::Patience::kAgain);
  if (!list) {
    return fail_as(list);
  }
  show(*list, arguments);
  std::optional<Error> first;
  for (const run::Healed& healed : *list) {
    if (healed.error && first) {
      first->others.push_back(*healed.error);
    } else if (healed.error) {
      first = healed.error;
      first->context.push_back("clearing sandbox '" + healed.name + "'");
    }
  }
  return first ? Failure(std::move(*first)) : Result<int>(0);
}

}  // namespace

Command gc_command() {
  Command command;
  command.name = "gc";
  command.group = "CHANGE";
  command.summary = "clear what killed runs left";
  command.description =
      "Finishes or undoes what runs that were killed left: processes, control groups, directories, "
      "the "
      "marks of hardeners. Only what a journal of yours names is touched; running sandboxes, "
      "folders of a "
      "workspace and objects of other programs are not.\n\n"
      "Every command that works on sandboxes does the same first, so that `gc` is seldom needed. "
      "What "
      "cannot be cleared keeps its journal, is told, and makes the exit status non-zero. A "
      "hardener "
      "that fails to release what it attached is asked once more by `gc`; then the rest is cleared "
      "and its failure told, since what it made outside the sandbox may be left.";
  command.examples = {"paddock gc"};
  command.run = gc;
  return command;
}

}  // namespace paddock::cli
