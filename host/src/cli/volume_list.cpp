// paddock volume list
#include "base/node.hpp"
#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/volumes.hpp"

namespace paddock::cli {
namespace {

Node texts(const std::vector<std::string>& list) {
  Node::Array items;
  for (const std::string& text : list) {
    items.emplace_back(text);
  }
  return Node(std::move(items));
}

Result<int> list(const Arguments& arguments) {
  const auto store = open_store();
  const auto volumes = run::VolumeStore::of_user().list();
  if (!volumes) {
    return fail_as(volumes);
  }
  TableView table;
  table.header = {"NAME", "BACKEND", "CREATED", "USED BY"};
  Node::Array nodes;
  for (const run::Volume& volume : *volumes) {
    const auto users = run::users_of(store, volume);
    if (!users) {
      return fail_as(users);
    }
    table.rows.push_back({{volume.name},
                          {volume.backend.id},
                          {volume.created_at},
                          {users->empty() ? "-" : join(*users, ", ")}});
    nodes.emplace_back(Node::Table{{"name", Node(volume.name)},
                                   {"backend", Node(volume.backend.id)},
                                   {"instance", Node(volume.instance)},
                                   {"created_at", Node(volume.created_at)},
                                   {"used_by", texts(*users)}});
  }
  if (arguments.json) {
    print(to_json(Node(Node::Table{{"schema", Node(std::string("paddock.volume-list/1"))},
                                   {"volumes", Node(std::move(nodes))}})) +
          "\n");
  } else {
    print(render_table(table, arguments.plain));
  }
  return 0;
}

}  // namespace

Command volume_list_command() {
  Command command;
  command.name = "volume list";
  command.group = "SEE";
  command.summary = "list named volumes";
  command.description =
      "Lists the volumes that [[mounts]] of type \"volume\" made, with the backend that keeps each "
      "and the sandboxes that use it now. A name is one volume on each backend, shared by all of "
      "your sandboxes there; it stays when they end.";
  command.examples = {"paddock volume list", "paddock volume list --json"};
  command.run = list;
  return command;
}

}  // namespace paddock::cli
