// paddock changes
#include "base/when.hpp"
#include "cli/bars.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "cli/tree_view.hpp"
#include "run/changes.hpp"

namespace paddock::cli {
namespace {

constexpr int kFindingsStatus = 3;

/// The launch, or what --since says.
Result<std::time_t> since_of(const Arguments& arguments, const run::State& state) {
  using Clock = std::chrono::system_clock;
  const auto time = parse_when(arguments.value("since", state.started_at), Clock::now());
  return time ? Result<std::time_t>(Clock::to_time_t(*time)) : fail_as(time);
}

std::vector<Cell> row(const run::Change& change) {
  const bool added = change.kind == run::ChangeKind::kAdded;
  return {{added ? "added" : "modified", added ? Style::kGood : Style::kWarn},
          {os::type_word(change.entry.mode)},
          {change.entry.is_folder() ? "-" : short_size(change.entry.size)},
          {when_text(change.entry.changed)},
          {shown_path(change.entry)}};
}

void show(const run::Changes& changes, bool plain) {
  TableView table{{"CHANGE", "TYPE", "SIZE", "WHEN", "PATH"}, {}};
  for (const run::Change& change : changes.list) {
    table.rows.push_back(row(change));
  }
  print(render_table(table, plain));
  warn_of_unseen("not looked into", changes.unseen);
}

Node changes_node(const run::Workspace& workspace, const run::Changes& changes, std::time_t since) {
  Node::Array list;
  for (const run::Change& change : changes.list) {
    Node::Table table = entry_table(change.entry);
    table["change"] =
        Node(std::string(change.kind == run::ChangeKind::kAdded ? "added" : "modified"));
    list.emplace_back(std::move(table));
  }
  return Node(Node::Table{{"schema", Node(std::string("paddock.changes/1"))},
                          {"name", Node(workspace.state.name)},
                          {"instance", Node(workspace.state.instance)},
                          {"since", Node(when_text(since))},
                          {"changes", Node(std::move(list))},
                          {"unseen", unseen_node(changes.unseen)}});
}

Result<int> changes(const Arguments& arguments) {
  const auto workspace = run::open_workspace(open_store(), arguments.operands.front());
  if (!workspace) {
    return fail_as(workspace);
  }
  const auto since = since_of(arguments, workspace->state);
  if (!since) {
    return fail_as(since);
  }
  const auto found = run::find_changes(*workspace, *since);
  if (!found) {
    return fail_as(found);
  }
  if (arguments.json) {
    print(to_json(changes_node(*workspace, *found, *since)) + "\n");
  } else {
    show(*found, arguments.plain);
  }
  return found->unseen.empty() ? 0 : kFindingsStatus;
}

}  // namespace

Command changes_command() {
  Command command;
  command.name = "changes";
  command.group = "FILES";
  command.summary = "list what changed in a sandbox's workspace";
  command.description =
      "Lists the files and folders of the workspace of sandbox NAME, running or ended, that were "
      "added or modified since its launch, or since TIME, to the second. It goes by the time of "
      "the last change of status that the kernel keeps, which no work can set back, and follows "
      "nothing: links are listed as such, and what is mounted in the workspace is not entered. "
      "Whoever made a change: you as well.\n\n"
      "What was deleted or moved out cannot be seen; a folder that is listed itself has lost "
      "something, or its mode or owner changed. On file systems that do not keep the time of "
      "birth, what was added counts as modified.\n\n"
      "Exit status: 3 when a part of the workspace could not be looked at, which is said.";
  command.operands = {{"NAME", true, false, "record"}};
  command.options = {{"since", 0, "TIME", "2026-11-27T17:51:05Z, a day, or 90s, 10m, 2h, 3d ago"}};
  command.examples = {"paddock changes claude", "paddock changes --since 10m --json claude"};
  command.run = changes;
  return command;
}

}  // namespace paddock::cli
