#include "support/engine/record.hpp"

#include "paddock/contract/json_value.hpp"

namespace paddock::engine {
namespace {

using contract::JsonType;
using contract::JsonValue;

std::string text(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  return value != nullptr && value->type == JsonType::kText ? value->text : "";
}

std::uint64_t number(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  return value != nullptr && value->type == JsonType::kInteger && value->integer >= 0
             ? static_cast<std::uint64_t>(value->integer)
             : 0;
}

/// It becomes part of a request's path.
bool is_id(const std::string& id) {
  return id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

contract::JsonText to_json(const Record& record) {
  return {"{\"container\":" + contract::json_quote(record.container) +
          ",\"runtime_dir\":" + contract::json_quote(record.runtime_dir) + ",\"exec\":" +
          contract::json_quote(record.exec) + ",\"pid\":" + std::to_string(record.entered.pid) +
          ",\"started\":" + std::to_string(record.entered.started) +
          (record.guest ? ",\"guest\":true}" : "}")};
}

std::optional<Record> from_json(const contract::JsonText& json) {
  const auto value = contract::parse_json(json.text);
  if (!value || value->type != JsonType::kObject) {
    return std::nullopt;
  }
  Record record{text(*value, "container"),
                text(*value, "runtime_dir"),
                text(*value, "exec"),
                {static_cast<pid_t>(number(*value, "pid")), number(*value, "started")},
                value->find("guest") != nullptr};
  const bool sound = !record.container.empty() && is_id(record.container) && is_id(record.exec);
  return sound ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace paddock::engine
