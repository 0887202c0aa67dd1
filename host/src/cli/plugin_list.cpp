// paddock plugin list
#include "base/render.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/plugin_view.hpp"

namespace paddock::cli {
namespace {

std::string place(const Error& error) {
  return error.where && error.where->line != 0
             ? error.where->file + ":" + std::to_string(error.where->line) + ":" +
                   std::to_string(error.where->column) + ": "
             : "";
}

void print_table(const plugin::Registry& registry, bool plain) {
  TableView table;
  table.header = {"PLUGIN", "KIND", "VERSION", "RUNS", "SUMMARY"};
  for (const plugin::Manifest* manifest : registry.manifests()) {
    table.rows.push_back({{manifest->id, Style::kBold},
                          {std::string(plugin::kind_name(manifest->kind)), Style::kNone},
                          {manifest->version, Style::kNone},
                          {mode_text(manifest->mode), Style::kNone},
                          {manifest->summary, Style::kNone}});
  }
  for (const auto& [id, error] : registry.broken()) {
    table.rows.push_back({{id, Style::kBold},
                          {"BROKEN", Style::kBad},
                          {"-", Style::kNone},
                          {"-", Style::kNone},
                          {place(error) + error.what, Style::kNone}});
  }
  for (const plugin::Shadowed& shadowed : registry.shadowed()) {
    table.rows.push_back({{shadowed.id, Style::kBold},
                          {"SHADOWED", Style::kBad},
                          {"-", Style::kNone},
                          {"-", Style::kNone},
                          {"'" + shadowed.directory.string() + "' is not used: '" +
                               shadowed.by.string() + "' comes first",
                           Style::kNone}});
  }
  print(render_table(table, plain));
}

Node shadowed_node(const plugin::Registry& registry) {
  Node::Array rows;
  for (const plugin::Shadowed& shadowed : registry.shadowed()) {
    rows.emplace_back(Node::Table{{"id", text_node(shadowed.id)},
                                  {"path", text_node(shadowed.directory.string())},
                                  {"by", text_node(shadowed.by.string())}});
  }
  return Node(std::move(rows));
}

void print_json(const plugin::Registry& registry) {
  Node::Array plugins;
  for (const plugin::Manifest* manifest : registry.manifests()) {
    plugins.emplace_back(plugin_node(*manifest));
  }
  Node::Array broken;
  for (const auto& [id, error] : registry.broken()) {
    broken.emplace_back(Node::Table{{"id", text_node(id)},
                                    {"code", text_node(code_text(error.code))},
                                    {"error", text_node(place(error) + error.what)}});
  }
  print(json_line({{"plugins", Node(std::move(plugins))},
                   {"broken", Node(std::move(broken))},
                   {"shadowed", shadowed_node(registry)}},
                  "paddock.plugin-list/1"));
}

Result<int> plugin_list(const Arguments& arguments) {
  const auto registry = open_plugins();
  if (!registry) {
    return fail_as(registry);
  }
  if (arguments.json) {
    print_json(*registry);
  } else {
    print_table(*registry, arguments.plain);
  }
  return 0;
}

}  // namespace

Command plugin_list_command() {
  Command command;
  command.name = "plugin list";
  command.group = "SET UP";
  command.summary = "list the plugins that profiles can name";
  command.description =
      "Lists every backend, hardener and hook that is installed with paddock, in the user's plugin "
      "directory or in one that host.toml names under plugin_directories. Only manifests are read; "
      "no library is opened.\n\n"
      "RUNS says where a plugin's code runs: those that ship with paddock in its own process, all "
      "others in a child process. A plugin whose manifest is not valid is listed as BROKEN with "
      "the "
      "first problem; `paddock plugin info` shows them all. One whose id a plugin of an earlier "
      "directory has is listed as SHADOWED and never used: an id that ships with paddock is taken.";
  command.examples = {"paddock plugin list", "paddock plugin list --json"};
  command.run = plugin_list;
  return command;
}

}  // namespace paddock::cli
