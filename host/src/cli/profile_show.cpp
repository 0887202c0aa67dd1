// paddock profile show
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/profile_common.hpp"

namespace paddock::cli {
namespace {

// One row a value, with the place that set it.
void add_rows(const std::string& path,
              const Node& node,
              const profile::Context& context,
              TableView& table) {
  if (const auto* below = node.table(); below != nullptr && !below->empty()) {
    for (const auto& [key, value] : *below) {
      add_rows(path.empty() ? key : path + "." + key, value, context, table);
    }
    return;
  }
  const auto* items = node.array();
  if (items != nullptr && !items->empty() && items->front().table() != nullptr) {
    for (std::size_t i = 0; i < items->size(); ++i) {
      add_rows(path + "[" + std::to_string(i) + "]", (*items)[i], context, table);
    }
    return;
  }
  table.rows.push_back({{path, Style::kBold},
                        {to_json(node), Style::kNone},
                        {place_text(node.where, context), Style::kDim},
                        {node.layer, Style::kDim}});
}

// The same values as a flat JSON list.
Node places_json(const TableView& table) {
  Node::Array items;
  for (const auto& row : table.rows) {
    items.emplace_back(Node::Table{{"key", Node(row[0].text)},
                                   {"value", Node(row[1].text)},
                                   {"from", Node(row[2].text)},
                                   {"layer", Node(row[3].text)}});
  }
  return Node(std::move(items));
}

Node layers_json(const profile::Profile& profile) {
  Node::Array items;
  for (const auto& layer : profile.layers) {
    items.emplace_back(Node::Table{{"name", Node(layer.name)},
                                   {"file", Node(layer.file)},
                                   {"trust", Node(trust_word(layer.trust))},
                                   {"digest", Node(layer.digest)}});
  }
  return Node(std::move(items));
}

Node texts_json(const std::vector<std::string>& lines) {
  Node::Array items;
  for (const std::string& line : lines) {
    items.emplace_back(line);
  }
  return Node(std::move(items));
}

// The layers from the named profile down to base.
void print_tree(const profile::Profile& profile, bool plain) {
  TableView table;
  table.header = {"LAYER", "WHOSE", "FILE"};
  std::string indent;
  for (auto layer = profile.layers.rbegin(); layer != profile.layers.rend(); ++layer) {
    table.rows.push_back({{indent + layer->name, Style::kBold},
                          {trust_word(layer->trust), Style::kNone},
                          {layer->file, Style::kDim}});
    indent += plain ? "" : "  ";
  }
  print(render_table(table, plain));
}

void print_lines(const std::string& heading, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    print(heading + line + "\n");
  }
}

Result<int> show(const Arguments& arguments) {
  const auto context = profile_context();
  if (!context) {
    return fail_as(context);
  }
  profile::Request request;
  request.profile = arguments.operands.front();
  request.sets = arguments.values("set");
  request.check_paths = false;
  const auto profile = profile::resolve(request, *context);
  if (!profile) {
    return fail_as(profile);
  }
  TableView table;
  table.header = {"KEY", "VALUE", "FROM", "LAYER"};
  add_rows("", profile->root, *context, table);
  if (arguments.json) {
    print_json("paddock.profile/1", {{"name", Node(profile->name)},
                                     {"description", Node(profile->description)},
                                     {"digest", Node(profile->digest)},
                                     {"values", profile->root},
                                     {"places", places_json(table)},
                                     {"layers", layers_json(*profile)},
                                     {"widenings", texts_json(profile->widenings)},
                                     {"notices", texts_json(profile->notices)}});
    return 0;
  }
  if (arguments.flag("tree")) {
    print_tree(*profile, arguments.plain);
    return 0;
  }
  print(render_table(table, arguments.plain));
  if (!arguments.plain) {
    print_lines("widened: ", profile->widenings);
    print_lines("note: ", profile->notices);
  }
  return 0;
}

}  // namespace

Command profile_show_command() {
  Command command;
  command.name = "profile show";
  command.group = "SET UP";
  command.summary = "show a profile's values and who set each";
  command.description =
      "Resolves a profile with everything that it extends and shows each value with the file, line "
      "and layer that set it. PROFILE is a name or a path. Host paths need not exist.\n\n"
      "--tree shows the layers alone, the last word first.";
  command.operands = {{"PROFILE", true, false, "profile"}};
  command.options = {{"tree", 0, "", "show the layers only"},
                     {"set", 0, "KEY=VALUE", "narrow a value, as in `paddock run`", true, ""}};
  command.examples = {"paddock profile show agent", "paddock profile show ./strict.toml --tree"};
  command.run = show;
  return command;
}

}  // namespace paddock::cli
