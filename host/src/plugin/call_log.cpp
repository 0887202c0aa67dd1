#include "plugin/call_log.hpp"

#include <string>

#include "base/log.hpp"

namespace paddock::plugin {

CallLog::CallLog(std::string_view plugin, std::string_view method)
    : plugin_(plugin), method_(method), started_(std::chrono::steady_clock::now()) {}

CallLog::~CallLog() {
  if (!log::enabled(log::Level::kDebug)) {
    return;
  }
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - started_);
  log::debug("plugin '" + std::string(plugin_) + "': '" + std::string(method_) + "' took " +
             std::to_string(took.count()) + " us");
}

}  // namespace paddock::plugin
