#include "record.hpp"

#include "paddock/contract/json_value.hpp"

namespace paddock::bubblewrap {
namespace {

using contract::JsonType;
using contract::JsonValue;

std::uint64_t number(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  return value != nullptr && value->type == JsonType::kInteger && value->integer >= 0
             ? static_cast<std::uint64_t>(value->integer)
             : 0;
}

std::string text(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  return value != nullptr && value->type == JsonType::kText ? value->text : "";
}

std::string member(std::string_view key, std::uint64_t value) {
  return contract::json_quote(key) + ":" + std::to_string(value);
}

}  // namespace

contract::JsonText to_json(const Record& record) {
  std::string json = "{" + member("pid", static_cast<std::uint64_t>(record.gate.pid));
  json += "," + member("started", record.gate.started);
  json += "," + member("monitor", static_cast<std::uint64_t>(record.monitor.pid));
  json += "," + member("monitor_started", record.monitor.started);
  json += ",\"memory\":" + contract::json_quote(record.memory_cgroup);
  json += ",\"scope\":" + contract::json_quote(record.scope);
  json += "," + member("data_bytes", record.data_bytes);
  json += "," + member("processes", record.processes) + "}";
  return {json};
}

std::optional<Record> from_json(const contract::JsonText& json) {
  const auto value = contract::parse_json(json.text);
  if (!value || value->type != JsonType::kObject) {
    return std::nullopt;
  }
  Record record;
  record.gate = {static_cast<pid_t>(number(*value, "pid")), number(*value, "started")};
  record.monitor = {static_cast<pid_t>(number(*value, "monitor")),
                    number(*value, "monitor_started")};
  record.memory_cgroup = text(*value, "memory");
  record.scope = text(*value, "scope");
  record.data_bytes = number(*value, "data_bytes");
  record.processes = number(*value, "processes");
  return record.gate.pid > 0 ? std::optional(record) : std::nullopt;
}

}  // namespace paddock::bubblewrap
