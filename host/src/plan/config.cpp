// A plugin's own table, as the contract's Config message; and the plan's digest.
#include "base/digest.hpp"
#include "base/units.hpp"
#include "paddock/contract/codec.hpp"
#include "plan/plan.hpp"

namespace paddock::plan {
namespace {

/// [hardener.ID] or [backend.ID], or null.
const Node* table_of(const profile::Profile& profile, const plugin::Manifest& manifest) {
  const Node* kind = profile.root.find(plugin::kind_name(manifest.kind));
  if (kind == nullptr || kind->table() == nullptr) {
    return nullptr;
  }
  const auto found = kind->table()->find(manifest.id);
  return found == kind->table()->end() ? nullptr : &found->second;
}

/// Sizes cross the boundary as bytes, whatever unit they were written in.
Node in_bytes(const OptionSpec& option, Node value) {
  if (option.type == OptionType::kSize && value.text() != nullptr) {
    if (const auto bytes = parse_size(*value.text())) {
      value.value = static_cast<std::int64_t>(*bytes);
    }
  }
  return value;
}

void put_positions(contract::Config& config, const std::string& pointer, const Node& node) {
  if (node.where.line != 0) {
    config.positions[pointer] = node.where;
  }
  if (const Node::Array* array = node.array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      put_positions(config, pointer + "/" + std::to_string(i), (*array)[i]);
    }
  }
  if (const Node::Table* table = node.table()) {
    for (const auto& [key, value] : *table) {
      put_positions(config, pointer + "/" + contract::escape_pointer(key), value);
    }
  }
}

}  // namespace

std::string config_json(const profile::Profile& profile, const plugin::Manifest& manifest) {
  return config_json(table_of(profile, manifest), manifest);
}

std::string config_json(const Node* table, const plugin::Manifest& manifest) {
  contract::Config config;
  config.plugin = manifest.id;
  Node::Table values;
  for (const OptionSpec& option : manifest.options) {
    const Node* written = table == nullptr ? nullptr : table->find(option.key);
    if (written != nullptr) {
      values[option.key] = in_bytes(option, *written);
      put_positions(config, "/" + contract::escape_pointer(option.key), *written);
    } else if (option.default_value) {
      values[option.key] = in_bytes(option, *option.default_value);
    }
  }
  config.values.text = to_json(Node(std::move(values)));
  return contract::encode(config);
}

std::string digest(const contract::Plan& plan) {
  return sha256(contract::encode(plan));
}

}  // namespace paddock::plan
