// The paddock_host that plugins in this process get. [any thread, as the ABI says]
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "paddock/plugin.h"

namespace paddock::plugin {

/// Takes one log line of a plugin: level and JSON as the plugin gave them, at most 16 KiB.
using LogSink = std::function<void(std::int32_t level, std::string_view json)>;
/// Whether the call under way should end. [any thread]
using StopQuery = std::function<bool()>;

class HostInterface {
 public:
  HostInterface(LogSink sink, StopQuery should_stop)
      : sink_(std::move(sink)), should_stop_(std::move(should_stop)) {}
  HostInterface(const HostInterface&) = delete;
  HostInterface& operator=(const HostInterface&) = delete;

  const paddock_host* get() const { return &host_; }

 private:
  static void log(void* ctx, std::int32_t level, paddock_bytes json);
  static int cancelled(void* ctx);
  static const void* extension(void* ctx, const char* id);

  LogSink sink_;
  StopQuery should_stop_;
  paddock_host host_{sizeof(paddock_host), PADDOCK_ABI_MINOR, this, &log, &cancelled, &extension};
};

/// Writes a plugin's line to the host's log, with the plugin's id.
void log_for_plugin(std::string_view plugin, std::int32_t level, std::string_view json);

}  // namespace paddock::plugin
