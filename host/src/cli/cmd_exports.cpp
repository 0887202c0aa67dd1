// paddock exports
#include "base/when.hpp"
#include "cli/bars.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "cli/tree_view.hpp"
#include "run/exports.hpp"

namespace paddock::cli {
namespace {

constexpr int kFindingsStatus = 3;

Node exports_node(const run::Workspace& workspace,
                  const run::Exports& exports,
                  const std::string& to) {
  Node::Array list;
  for (const os::TreeEntry& entry : exports.entries) {
    list.emplace_back(entry_table(entry));
  }
  Node::Table table{{"schema", Node(std::string("paddock.exports/1"))},
                    {"name", Node(workspace.state.name)},
                    {"instance", Node(workspace.state.instance)},
                    {"entries", Node(std::move(list))},
                    {"left_out", unseen_node(exports.left_out)}};
  if (!to.empty()) {
    table["to"] = Node(to);
  }
  return Node(std::move(table));
}

std::string exports_table(const run::Exports& exports, bool plain) {
  TableView table{{"TYPE", "SIZE", "MODIFIED", "PATH"}, {}};
  for (const os::TreeEntry& entry : exports.entries) {
    table.rows.push_back({{os::type_word(entry.mode)},
                          {entry.is_folder() ? "-" : short_size(entry.size)},
                          {when_text(entry.modified)},
                          {shown_path(entry)}});
  }
  return render_table(table, plain);
}

Result<int> exports(const Arguments& arguments) {
  const std::string to = arguments.value("to");
  if (to.empty() && arguments.flag("force")) {
    return fail(ErrorCode::kUsage, "option '--force' goes with '--to' only");
  }
  const auto workspace = run::open_workspace(open_store(), arguments.operands.front());
  if (!workspace) {
    return fail_as(workspace);
  }
  const auto exports = to.empty() ? run::list_exports(*workspace)
                                  : run::copy_exports(*workspace, to, arguments.flag("force"));
  if (!exports) {
    return fail_as(exports);
  }
  if (arguments.json) {
    print(to_json(exports_node(*workspace, *exports, to)) + "\n");
  } else {
    print(exports_table(*exports, arguments.plain));
    warn_of_unseen("left out", exports->left_out);
  }
  return exports->left_out.empty() ? 0 : kFindingsStatus;
}

}  // namespace

Command exports_command() {
  Command command;
  command.name = "exports";
  command.group = "FILES";
  command.summary = "list what a workload laid out for you, or copy it out";
  command.description =
      "Lists what lies in the folder `exports` of sandbox NAME, running or ended. With --to, "
      "copies its files and folders into DIR, which is made when it is not there, and lists them. "
      "Links, FIFOs, sockets and devices are left out, and so is what is mounted there. The copies "
      "belong to you and have no bits that give rights. Nothing that is in DIR is touched: a name "
      "that is taken stops it before anything is copied; with --force files are replaced and "
      "folders filled. What fails on the way, as on a full disk, leaves DIR as it was.\n\n"
      "DIR is not your home, nor does it hold it: names are the workload's choice. Look at hidden "
      "files, build scripts and the like before a program of yours meets them.\n\n"
      "The profile must have that folder: `exports = \"rw\"` under [workspace.folders], as the "
      "profile `default` has.\n\n"
      "Exit status: 3 when something was left out, which is said.";
  command.operands = {{"NAME", true, false, "record"}};
  command.options = {{"to", 't', "DIR", "copy them into this folder", false, "file"},
                     {"force", 'f', "", "replace files that are there"}};
  command.examples = {"paddock exports claude", "paddock exports claude --to results"};
  command.run = exports;
  return command;
}

}  // namespace paddock::cli
