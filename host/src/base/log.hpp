// Messages of the program to standard error (spdlog behind it). Results never go here.
// [any thread]
#pragma once

#include <string_view>

namespace paddock::log {

enum class Level { kError, kWarn, kInfo, kDebug };

/// Until this is called, kWarn and above are shown.
void set_level(Level level);
/// Off until it is set; before the first message.
void set_color(bool on);
bool enabled(Level level);
void write(Level level, std::string_view message);

inline void warn(std::string_view message) {
  write(Level::kWarn, message);
}
inline void info(std::string_view message) {
  write(Level::kInfo, message);
}
inline void debug(std::string_view message) {
  write(Level::kDebug, message);
}

}  // namespace paddock::log
