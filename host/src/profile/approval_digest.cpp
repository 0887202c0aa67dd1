#include "profile/approval_digest.hpp"

#include <sstream>

#include "base/digest.hpp"
#include "profile/core_options.hpp"

namespace paddock::profile {
namespace {

// Approvals of another meaning must not hold: a new one gets a new number.
constexpr std::int64_t kVersion = 2;

/// The table at dotted `path` below `root`, made where it is not there; null where something else
/// is.
Node::Table* table_at(Node& root, const std::string& path) {
  Node* node = &root;
  std::istringstream parts(path);
  for (std::string part; node != nullptr && std::getline(parts, part, '.');) {
    auto* table = std::get_if<Node::Table>(&node->value);
    node = table == nullptr ? nullptr : &(*table)[part];
  }
  return node == nullptr ? nullptr : std::get_if<Node::Table>(&node->value);
}

/// Keys of `table` may be dotted.
void add_defaults(Node& table, const std::vector<OptionSpec>& options) {
  for (const OptionSpec& option : options) {
    if (!option.default_value || table.find(option.key) != nullptr) {
      continue;
    }
    const auto dot = option.key.rfind('.');
    const std::string above = dot == std::string::npos ? "" : option.key.substr(0, dot);
    if (Node::Table* place = table_at(table, above)) {
      (*place)[option.key.substr(dot == std::string::npos ? 0 : dot + 1)] = *option.default_value;
    }
  }
}

void add_plugin_defaults(Node& table, const std::string& id, const Context& context) {
  if (const auto options = context.plugin_options.find(id);
      options != context.plugin_options.end()) {
    add_defaults(table, options->second);
  }
}

/// The tables [KIND.ID].
void add_of_kind(Node& root, const char* kind, const Context& context) {
  auto* tables =
      root.find(kind) == nullptr ? nullptr : std::get_if<Node::Table>(&root.find(kind)->value);
  if (tables == nullptr) {
    return;
  }
  for (auto& [id, table] : *tables) {
    if (table.table() != nullptr) {
      add_plugin_defaults(table, id, context);
    }
  }
}

void add_of_hooks(Node& root, const Context& context) {
  Node* hooks = root.find("hooks");
  auto* entries = hooks == nullptr ? nullptr : std::get_if<Node::Array>(&hooks->value);
  for (std::size_t i = 0; entries != nullptr && i < entries->size(); ++i) {
    const Node* id = (*entries)[i].find("id");
    if (id != nullptr && id->text() != nullptr) {
      add_plugin_defaults((*entries)[i], std::string(*id->text()), context);
    }
  }
}

Node completed(Node root, const Context& context) {
  for (const TableSpec& spec : core_tables()) {
    if (Node::Table* place = table_at(root, spec.name); place != nullptr) {
      Node* table = spec.name.empty() ? &root : root.find(spec.name);
      add_defaults(*table, spec.options);
    }
  }
  for (const char* kind : {"hardener", "backend"}) {
    add_of_kind(root, kind, context);
  }
  add_of_hooks(root, context);
  return root;
}

}  // namespace

std::string approval_digest(const std::filesystem::path& place,
                            const Profile& profile,
                            const Context& context) {
  Node::Array layers;
  for (const Layer& layer : profile.layers) {
    layers.emplace_back(layer.digest);
  }
  return sha256(to_json(Node(Node::Table{{"approval", Node(kVersion)},
                                         {"place", Node(place.string())},
                                         {"layers", Node(std::move(layers))},
                                         {"values", completed(profile.root, context)}})));
}

}  // namespace paddock::profile
