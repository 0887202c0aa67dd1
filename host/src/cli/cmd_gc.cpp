// paddock gc
#include "base/node.hpp"
#include "base/render.hpp"
#include "cli/image_common.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/plugin_view.hpp"
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

Node node(const image::Settled& settled) {
  return Node(Node::Table{{"reference", text_node(settled.reference)},
                          {"backend", text_node(settled.backend)},
                          {"here", Node(settled.here)}});
}

void show(const std::vector<run::Healed>& list,
          const std::vector<image::Settled>& images,
          const Arguments& arguments) {
  Node::Array nodes, image_nodes;
  std::string lines;
  for (const run::Healed& healed : list) {
    nodes.push_back(node(healed));
    lines += healed.cleared ? "cleared " + healed.name + "\n" : "";
  }
  for (const image::Settled& settled : images) {
    image_nodes.push_back(node(settled));
    lines += (settled.here ? "found image " : "forgot image ") + settled.reference + "\n";
  }
  if (arguments.json) {
    print(
        json_line({{"sandboxes", Node(std::move(nodes))}, {"images", Node(std::move(image_nodes))}},
                  "paddock.gc/1"));
  } else if (!arguments.quiet) {
    print(lines.empty() && list.empty() ? "nothing to clear\n" : lines);
  }
}

Result<int> gc(const Arguments& arguments) {
  const auto list = run::heal(run::Store(os::user_paths().state), run::Patience::kAgain);
  if (!list) {
    return fail_as(list);
  }
  std::vector<Error> problems;
  for (const run::Healed& healed : *list) {
    if (healed.error) {
      problems.push_back(*healed.error);
      problems.back().context.push_back("clearing sandbox '" + healed.name + "'");
    }
  }
  const auto registry = open_plugins();
  if (!registry) {
    return fail_as(registry);
  }
  show(*list, settle_images(*registry, problems), arguments);
  return status_of(std::move(problems));
}

}  // namespace

Command gc_command() {
  Command command;
  command.name = "gc";
  command.group = "CHANGE";
  command.summary = "clear what killed runs left";
  command.description =
      "Finishes or undoes what runs that were killed left: processes, control groups, directories, "
      "the marks of hardeners. Only what a journal of yours names is touched; running sandboxes, "
      "folders of a workspace and objects of other programs are not. Of an image whose pull, "
      "build or import was killed, it is found out whether it came: one that did is listed by "
      "`paddock image list`, one that did not is forgotten.\n\n"
      "Every command that works on sandboxes does the same first, so that `gc` is seldom needed. "
      "What cannot be cleared keeps its journal, is told, and makes the exit status non-zero. A "
      "hardener that fails to release what it attached is asked once more by `gc`; then the rest "
      "is cleared and its failure told, since what it made outside the sandbox may be left.";
  command.examples = {"paddock gc"};
  command.run = gc;
  return command;
}

}  // namespace paddock::cli
