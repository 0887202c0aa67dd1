// --set KEY=VALUE: one key of a profile on the command line.
#include <algorithm>

#include "base/text.hpp"
#include "profile/check.hpp"
#include "profile/core_options.hpp"
#include "profile/names.hpp"
#include "profile/stage.hpp"
#include "profile/toml_document.hpp"

namespace paddock::profile {
namespace {

constexpr const char* kFile = "--set";

SourcePos at(std::uint32_t line, std::size_t offset, std::size_t length) {
  return SourcePos{kFile, line, static_cast<std::uint32_t>(offset + 1),
                   static_cast<std::uint32_t>(std::max<std::size_t>(1, length))};
}

Failure refuse(
    const std::string& text, ErrorCode code, SourcePos where, std::string what, std::string hint) {
  Failure failure = fail_at(code, std::move(where), std::move(what), std::move(hint));
  failure.value().excerpt = text;
  return failure;
}

Node::Value plain_texts(std::string_view text, const SourcePos& where) {
  Node::Array items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    items.emplace_back(std::string(text.substr(0, comma)), where);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

bool is_toml_value(OptionType type, std::string_view value) {
  const bool list = type == OptionType::kTexts && !value.empty() && value.front() == '[';
  return list || type == OptionType::kBoolean || type == OptionType::kInteger ||
         type == OptionType::kNumber;
}

// A value in TOML's spelling; what it is not, check_value says.
Result<Node::Value> toml_value(std::string_view value) {
  Result<Node> parsed = parse_toml("v = " + std::string(value), kFile);
  if (!parsed || parsed->table()->size() != 1) {
    return Node::Value(std::string(value));
  }
  return parsed->find("v")->value;
}

void place_all(Node& node, const SourcePos& where) {
  node.where = where;
  if (auto* items = std::get_if<Node::Array>(&node.value)) {
    for (Node& item : *items) {
      place_all(item, where);
    }
  }
}

// Dotted names of all keys that --set can reach, for hints.
std::vector<std::string> settable(const Context& context) {
  std::vector<std::string> keys;
  for (const TableSpec& table : core_tables()) {
    for (const OptionSpec& option : table.options) {
      if (!table.name.empty()) {
        keys.push_back(table.name + "." + option.key);
      }
    }
  }
  for (const auto& [id, options] : context.plugin_options) {
    for (const OptionSpec& option : options) {
      keys.push_back("hardener." + id + "." + option.key);
    }
  }
  return keys;
}

Node nested(std::string_view key, Node leaf, const SourcePos& key_where) {
  const std::size_t dot = key.find('.');
  Node table;
  table.where = key_where;
  Node inner = dot == std::string_view::npos
                   ? std::move(leaf)
                   : nested(key.substr(dot + 1), std::move(leaf), key_where);
  inner.key_where = key_where;
  std::get<Node::Table>(table.value).emplace(std::string(key.substr(0, dot)), std::move(inner));
  return table;
}

}  // namespace

Result<Node> parse_set(const std::string& text, std::uint32_t line, const Context& context) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return refuse(text, ErrorCode::kUsage, at(line, 0, text.size()),
                  "'" + shown(text) + "' is not KEY=VALUE", "such as resources.memory=1GiB");
  }
  const std::string key = text.substr(0, equals);
  const std::string value = text.substr(equals + 1);
  const OptionSpec* option = option_at(key, context);
  const SourcePos key_where = at(line, 0, key.size());
  if (option == nullptr) {
    return refuse(text, ErrorCode::kUnknownKey, key_where,
                  "unknown key '" + shown(key) + "' in --set", name_hint(key, settable(context)));
  }
  if (!is_utf8(text)) {
    return refuse(printable(text), ErrorCode::kBadValue, key_where, "--set is not UTF-8", {});
  }
  Node leaf(std::string(value), at(line, equals + 1, value.size()));
  if (is_toml_value(option->type, value)) {
    leaf.value = *toml_value(value);
  } else if (option->type == OptionType::kTexts) {
    leaf.value = plain_texts(value, leaf.where);
  }
  const SourcePos where = leaf.where;
  place_all(leaf, where);
  Node tree = nested(key, std::move(leaf), key_where);
  Problems problems;
  check_shape(tree, context, Shape::kTables, problems);
  if (!problems.empty()) {
    return problems.take();
  }
  return tree;
}

}  // namespace paddock::profile
