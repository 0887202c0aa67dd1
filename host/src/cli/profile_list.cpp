// paddock profile list
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/profile_common.hpp"

namespace paddock::cli {
namespace {

Node node_of(const profile::Listing& row) {
  return Node(Node::Table{{"name", Node(row.name)},
                          {"file", Node(row.file.string())},
                          {"trust", Node(trust_word(row.trust))},
                          {"description", Node(row.description)},
                          {"broken", Node(row.broken)}});
}

Result<int> list(const Arguments& arguments) {
  const auto context = profile_context();
  if (!context) {
    return fail_as(context);
  }
  const auto rows = profile::list(*context);
  if (arguments.json) {
    Node::Array items;
    for (const auto& row : rows) {
      items.push_back(node_of(row));
    }
    print_json("paddock.profile-list/1", {{"profiles", Node(std::move(items))}});
    return 0;
  }
  TableView table;
  table.header = {"NAME", "WHOSE", "DESCRIPTION"};
  for (const auto& row : rows) {
    table.rows.push_back({{row.name, Style::kBold},
                          {trust_word(row.trust), Style::kNone},
                          row.broken.empty() ? Cell{row.description, Style::kNone}
                                             : Cell{"broken: " + row.broken, Style::kBad}});
  }
  print(render_table(table, arguments.plain));
  return 0;
}

}  // namespace

Command profile_list_command() {
  Command command;
  command.name = "profile list";
  command.group = "SET UP";
  command.summary = "list the profiles that can be named";
  command.description =
      "Lists your own profiles ($XDG_CONFIG_HOME/paddock/profiles) and those that come with "
      "paddock. A profile of yours hides a shipped one of the same name, but for `base`. One that "
      "does not load is marked as broken, with the first reason; `paddock profile validate NAME` "
      "shows them all.";
  command.examples = {"paddock profile list", "paddock profile list --json"};
  command.run = list;
  return command;
}

}  // namespace paddock::cli
