#include "plugin/host_interface.hpp"

#include <nlohmann/json.hpp>

#include "base/log.hpp"

namespace paddock::plugin {
namespace {

constexpr std::size_t kMaxLineBytes = 16 << 10;

log::Level level_of(std::int32_t level) {
  switch (level) {
    case PADDOCK_LOG_ERROR:
      return log::Level::kError;
    case PADDOCK_LOG_WARN:
      return log::Level::kWarn;
    case PADDOCK_LOG_INFO:
      return log::Level::kInfo;
    default:
      return log::Level::kDebug;
  }
}

/// The "message" of a log object, or the text as it came.
std::string message_of(std::string_view json) {
  const auto value = nlohmann::json::parse(json, nullptr, false);
  if (value.is_object() && value.contains("message") && value["message"].is_string()) {
    return value["message"].get<std::string>();
  }
  return std::string(json);
}

}  // namespace

void HostInterface::log(void* ctx, std::int32_t level, paddock_bytes json) {
  if (json.ptr == nullptr) {
    return;
  }
  const auto& self = *static_cast<const HostInterface*>(ctx);
  self.sink_(level, {json.ptr, std::min(json.len, kMaxLineBytes)});
}

int HostInterface::cancelled(void* ctx) {
  return static_cast<const HostInterface*>(ctx)->should_stop_() ? 1 : 0;
}

const void* HostInterface::extension(void*, const char*) {
  return nullptr;
}

void log_for_plugin(std::string_view plugin, std::int32_t level, std::string_view json) {
  if (log::enabled(level_of(level))) {
    log::write(level_of(level), "plugin '" + std::string(plugin) + "': " + message_of(json));
  }
}

}  // namespace paddock::plugin
