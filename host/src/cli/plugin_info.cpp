// paddock plugin info ID
#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/plugin_view.hpp"

namespace paddock::cli {
namespace {

/// What can be said of the library without loading it.
struct LibraryView {
  std::string digest;    ///< empty when it cannot be read
  Result<void> trusted;  ///< what load() would say before running any code
};

LibraryView look_at(const plugin::Registry& registry, const plugin::Manifest& manifest) {
  return {registry.library_digest(manifest).value_or(std::string()), registry.check(manifest)};
}

/// Long lists would push the meaning off the screen; --plain and --json have them whole.
std::string default_text(const OptionSpec& option, bool plain) {
  constexpr std::size_t kWidth = 32;
  if (option.required) {
    return "(required)";
  }
  if (!option.default_value) {
    return "-";
  }
  const std::string text = to_json(*option.default_value);
  const Node::Array* list = option.default_value->array();
  return plain || text.size() <= kWidth || list == nullptr
             ? text
             : "[" + std::to_string(list->size()) + " entries]";
}

Node option_node(const OptionSpec& option) {
  Node::Table table{{"key", text_node(option.key)},
                    {"type", text_node(plugin::option_type_name(option.type))},
                    {"narrowing", text_node(plugin::narrowing_name(option.narrowing))},
                    {"required", Node(option.required)},
                    {"choices", texts_node(option.choices)},
                    {"doc", text_node(option.doc)}};
  if (option.default_value) {
    table["default"] = *option.default_value;
  }
  if (option.minimum) {
    table["minimum"] = Node(*option.minimum);
  }
  if (option.maximum) {
    table["maximum"] = Node(*option.maximum);
  }
  return Node(std::move(table));
}

void print_json(const plugin::Manifest& manifest, const LibraryView& library) {
  Node::Table fields = plugin_node(manifest);
  Node::Array options;
  for (const OptionSpec& option : manifest.options) {
    options.push_back(option_node(option));
  }
  fields["options"] = Node(std::move(options));
  fields["digest"] = text_node(library.digest);
  fields["trusted"] = Node(library.trusted.has_value());
  fields["refusal"] = text_node(library.trusted ? "" : library.trusted.error().what);
  print(json_line(std::move(fields), "paddock.plugin-info/1"));
}

void print_facts(const plugin::Manifest& manifest, const LibraryView& library, bool plain) {
  TableView table;
  const auto row = [&](std::string name, std::string value, Style style = Style::kNone) {
    table.rows.push_back({{std::move(name), Style::kDim}, {std::move(value), style}});
  };
  row("plugin", manifest.id, Style::kBold);
  row("kind", std::string(plugin::kind_name(manifest.kind)));
  row("version", manifest.version);
  row("abi", std::to_string(manifest.abi_major));
  row("summary", manifest.summary);
  row("runs", mode_text(manifest.mode));
  row("path", manifest.directory.string());
  row("digest", library.digest.empty() ? "?" : library.digest);
  row("trust", library.trusted ? "ok" : "REFUSED: " + library.trusted.error().what,
      library.trusted ? Style::kGood : Style::kBad);
  row("methods", join(manifest.methods, ", "));
  print(render_table(table, plain));
}

void print_options(const plugin::Manifest& manifest, bool plain) {
  if (manifest.options.empty()) {
    return;
  }
  TableView table;
  table.header = {"OPTION", "TYPE", "DEFAULT", "LAYERS MAY", "MEANING"};
  for (const OptionSpec& option : manifest.options) {
    const std::string choices =
        option.choices.empty() ? "" : " (one of " + join(option.choices, ", ") + ")";
    table.rows.push_back({{option.key, Style::kBold},
                          {std::string(plugin::option_type_name(option.type)), Style::kNone},
                          {default_text(option, plain), Style::kNone},
                          {std::string(plugin::narrowing_name(option.narrowing)), Style::kNone},
                          {option.doc + choices, Style::kNone}});
  }
  print((plain ? "" : "\n") + render_table(table, plain));
}

Result<int> plugin_info(const Arguments& arguments) {
  const auto registry = open_plugins();
  if (!registry) {
    return fail_as(registry);
  }
  const auto manifest = registry->find(arguments.operands.front());
  if (!manifest) {
    return fail_as(manifest);
  }
  LibraryView library = look_at(*registry, **manifest);
  if (arguments.json) {
    print_json(**manifest, library);
  } else {
    print_facts(**manifest, library, arguments.plain);
    print_options(**manifest, arguments.plain);
  }
  return library.trusted ? Result<int>(0) : fail_as(library.trusted);
}

}  // namespace

Command plugin_info_command() {
  Command command;
  command.name = "plugin info";
  command.group = "SET UP";
  command.summary = "show one plugin: its options, methods, digest and trust";
  command.description =
      "Shows what the manifest of plugin ID says, and whether paddock would load its library: its "
      "digest, and the check of owners, modes, pin, machine and embedded manifest. The library is "
      "read, never run.\n\n"
      "LAYERS MAY is the rule for later layers of a profile: free (replace), fixed (keep), true or "
      "false (that value only), less, subset, superset, stricter, more-bits.\n\n"
      "Exit status: 0 it would be loaded, 4 it would be refused, 5 no such plugin.";
  command.operands = {{"ID", true, false, "plugin"}};
  command.examples = {"paddock plugin info baseline", "paddock plugin info baseline --json"};
  command.run = plugin_info;
  return command;
}

}  // namespace paddock::cli
