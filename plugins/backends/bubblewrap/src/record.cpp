#include "record.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "paddock/contract/json_value.hpp"
#include "support/small_file.hpp"

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

std::optional<Identity> identify(pid_t pid) {
  const auto stat = support::read_small_file("/proc/" + std::to_string(pid) + "/stat");
  // The name in parentheses may hold anything; field 22 is the 20th after it (proc(5)).
  const std::size_t name_end = stat ? stat->rfind(')') : std::string::npos;
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::size_t at = name_end + 1;
  for (int field = 3; field < 22 && at != std::string::npos; ++field) {
    at = stat->find(' ', at + 1);
  }
  if (at == std::string::npos) {
    return std::nullopt;
  }
  return Identity{pid, std::strtoull(stat->c_str() + at, nullptr, 10)};
}

support::UniqueFd open_process(const Identity& identity) {
  if (identity.pid <= 0) {
    return {};
  }
  support::UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, identity.pid, 0)));
  const auto now = fd ? identify(identity.pid) : std::nullopt;  // read after open: no race
  if (!now || now->started != identity.started) {
    return {};
  }
  return fd;
}

bool wait_ended(int pidfd, int timeout_ms) {
  pollfd event{pidfd, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&event, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace paddock::bubblewrap
