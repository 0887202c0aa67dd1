#include "base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "base/text.hpp"

namespace paddock::log {
namespace {

Level current = Level::kWarn;
bool colored = false;

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::kError:
      return spdlog::level::err;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kDebug:
      break;
  }
  return spdlog::level::debug;
}

// Made at the first message: a launch that says nothing pays nothing for the logger.
spdlog::logger& logger() {
  static const auto instance = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    sink->set_color_mode(colored ? spdlog::color_mode::always : spdlog::color_mode::never);
    auto made = std::make_shared<spdlog::logger>("paddock", std::move(sink));
    made->set_pattern("paddock: %^%l%$: %v");
    made->set_level(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

}  // namespace

void set_level(Level level) {
  current = level;
}

void set_color(bool on) {
  colored = on;
}

bool enabled(Level level) {
  return level <= current;
}

void write(Level level, std::string_view message) {
  if (enabled(level)) {
    logger().log(spdlog_level(level), printable(message));
  }
}

}  // namespace paddock::log
