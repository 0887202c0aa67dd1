// paddock profile show
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/place.hpp"
#include "cli/profile_common.hpp"

namespace paddock::cli {
namespace {

/// One value with the key that leads to it.
struct Value {
  std::string path;
  const Node* node;
};

void collect(const std::string& path, const Node& node, std::vector<Value>& values) {
  if (const auto* below = node.table(); below != nullptr && !below->empty()) {
    for (const auto& [key, value] : *below) {
      collect(path.empty() ? key : path + "." + key, value, values);
    }
    return;
  }
  const auto* items = node.array();
  if (items != nullptr && !items->empty() && items->front().table() != nullptr) {
    for (std::size_t i = 0; i < items->size(); ++i) {
      collect(path + "[" + std::to_string(i) + "]", (*items)[i], values);
    }
    return;
  }
  values.push_back({path, &node});
}

TableView values_table(const std::vector<Value>& values) {
  TableView table;
  table.header = {"KEY", "VALUE", "FROM", "LAYER"};
  for (const Value& value : values) {
    table.rows.push_back({{value.path, Style::kBold},
                          {to_json(*value.node), Style::kNone},
                          {place_text(value.node->where), Style::kDim},
                          {value.node->layer, Style::kDim}});
  }
  return table;
}

// The same values as a flat JSON list, files in full.
Node places_json(const std::vector<Value>& values) {
  Node::Array items;
  for (const Value& value : values) {
    const SourcePos& where = value.node->where;
    items.emplace_back(Node::Table{{"key", Node(value.path)},
                                   {"value", Node(to_json(*value.node))},
                                   {"from", Node(where.file + ":" + std::to_string(where.line) +
                                                 ":" + std::to_string(where.column))},
                                   {"layer", Node(value.node->layer)}});
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
  const auto name = profile_operand(arguments);
  if (!name) {
    return fail_as(name);
  }
  profile::Request request;
  request.profile = *name;
  request.sets = arguments.values("set");
  request.check_paths = false;
  const auto profile = profile::resolve(request, *context);
  if (!profile) {
    return fail_as(profile);
  }
  std::vector<Value> values;
  collect("", profile->root, values);
  if (arguments.json) {
    print_json("paddock.profile/1", {{"name", Node(profile->name)},
                                     {"description", Node(profile->description)},
                                     {"digest", Node(profile->digest)},
                                     {"values", profile->root},
                                     {"places", places_json(values)},
                                     {"layers", layers_json(*profile)},
                                     {"widenings", texts_json(profile->widenings)},
                                     {"notices", texts_json(profile->notices)}});
    return 0;
  }
  if (arguments.flag("tree")) {
    print_tree(*profile, arguments.plain);
    return 0;
  }
  print(render_table(values_table(values), arguments.plain));
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
      "and layer that set it. PROFILE is a name or a path, without it the project's own file. Host "
      "paths need not exist.\n\n"
      "--tree shows the layers alone, the last word first.";
  command.operands = {{"PROFILE", false, false, "profile"}};
  command.options = {{"tree", 0, "", "show the layers only"},
                     {"set", 0, "KEY=VALUE", "narrow a value, as in `paddock run`", true, ""}};
  command.examples = {"paddock profile show agent", "paddock profile show ./strict.toml --tree"};
  command.run = show;
  return command;
}

}  // namespace paddock::cli
