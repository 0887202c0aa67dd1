#include "cli/plugin_view.hpp"

namespace paddock::cli {

Result<plugin::Registry> open_plugins() {
  const auto settings = plugin::current_settings();
  return settings ? plugin::Registry::discover(*settings) : fail_as(settings);
}

std::string mode_text(plugin::Mode mode) {
  return mode == plugin::Mode::kInProcess ? "in-process" : "child";
}

Node text_node(std::string_view text) {
  return Node(std::string(text));
}

Node texts_node(const std::vector<std::string>& texts) {
  Node::Array array;
  for (const std::string& text : texts) {
    array.push_back(text_node(text));
  }
  return Node(std::move(array));
}

Node::Table plugin_node(const plugin::Manifest& manifest) {
  return {{"id", text_node(manifest.id)},
          {"kind", text_node(plugin::kind_name(manifest.kind))},
          {"version", text_node(manifest.version)},
          {"abi", Node(std::int64_t{manifest.abi_major})},
          {"summary", text_node(manifest.summary)},
          {"mode", text_node(mode_text(manifest.mode))},
          {"path", text_node(manifest.directory.string())},
          {"methods", texts_node(manifest.methods)}};
}

std::string json_line(Node::Table fields, const std::string& schema) {
  fields["schema"] = text_node(schema);
  return to_json(Node(std::move(fields))) + "\n";
}

}  // namespace paddock::cli
