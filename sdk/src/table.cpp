#include "paddock/sdk/table.hpp"

#include <stdexcept>

#include "paddock/contract/json_value.hpp"
#include "paddock/contract/leaves.hpp"

namespace paddock::sdk {

using contract::JsonType;
using contract::JsonValue;

struct Table::Impl {
  JsonValue values;
  std::map<std::string, SourcePos> positions;

  const JsonValue* find(std::string_view key) const;
  const JsonValue& get(std::string_view key, JsonType type, const char* name) const;
  SourcePos where(std::string_view key, std::string_view below = {}) const;
};

namespace {

[[noreturn]] void defect(std::string_view key, std::string_view what) {
  throw std::logic_error("option '" + std::string(key) + "' " + std::string(what));
}

std::string replace_dots(std::string_view key) {
  std::string path(key);
  for (char& byte : path) {
    byte = byte == '.' ? '/' : byte;
  }
  return path;
}

}  // namespace

// A dotted key is a member of that very name, or a path through tables.
const JsonValue* Table::Impl::find(std::string_view key) const {
  if (const JsonValue* found = values.find(key)) {
    return found;
  }
  const JsonValue* value = &values;
  while (value != nullptr && !key.empty()) {
    const std::size_t dot = key.find('.');
    value = value->find(key.substr(0, dot));
    key = dot == std::string_view::npos ? std::string_view{} : key.substr(dot + 1);
  }
  return value;
}

const JsonValue& Table::Impl::get(std::string_view key, JsonType type, const char* name) const {
  const JsonValue* value = find(key);
  if (value == nullptr) {
    defect(key, "has no value");
  }
  if (value->type != type) {
    defect(key, std::string("is not ") + name);
  }
  return *value;
}

SourcePos Table::Impl::where(std::string_view key, std::string_view below) const {
  for (const std::string& stem : {contract::escape_pointer(key), replace_dots(key)}) {
    for (const std::string& pointer : {"/" + stem + std::string(below), "/" + stem}) {
      if (const auto found = positions.find(pointer); found != positions.end()) {
        return found->second;
      }
    }
  }
  return {};
}

Table::Table(contract::Config config) : impl_(std::make_unique<Impl>()) {
  auto values = contract::parse_json(config.values.text);
  if (!values || values->type != JsonType::kObject) {
    throw std::logic_error("the option table is not an object");
  }
  impl_->values = std::move(*values);
  impl_->positions = std::move(config.positions);
}

Table::~Table() = default;
Table::Table(Table&&) noexcept = default;

bool Table::boolean(std::string_view key) const {
  return impl_->get(key, JsonType::kBoolean, "a boolean").boolean;
}

std::int64_t Table::integer(std::string_view key) const {
  return impl_->get(key, JsonType::kInteger, "an integer").integer;
}

double Table::number(std::string_view key) const {
  const JsonValue* value = impl_->find(key);
  if (value != nullptr && value->type == JsonType::kInteger) {
    return static_cast<double>(value->integer);
  }
  return impl_->get(key, JsonType::kNumber, "a number").number;
}

Text Table::text(std::string_view key) const {
  return {impl_->get(key, JsonType::kText, "text").text, where(key)};
}

std::vector<Text> Table::texts(std::string_view key) const {
  std::vector<Text> texts;
  for (const JsonValue& item : impl_->get(key, JsonType::kArray, "an array").items) {
    if (item.type != JsonType::kText) {
      defect(key, "holds something that is not text");
    }
    texts.push_back({item.text, impl_->where(key, "/" + std::to_string(texts.size()))});
  }
  return texts;
}

std::map<std::string, std::string> Table::text_table(std::string_view key) const {
  std::map<std::string, std::string> table;
  for (const auto& member : impl_->get(key, JsonType::kObject, "a table").members) {
    if (member.value.type != JsonType::kText) {
      defect(key, "holds something that is not text");
    }
    table[member.key] = member.value.text;
  }
  return table;
}

bool Table::has(std::string_view key) const {
  return impl_->find(key) != nullptr;
}

SourcePos Table::where(std::string_view key) const {
  return impl_->where(key);
}

}  // namespace paddock::sdk
