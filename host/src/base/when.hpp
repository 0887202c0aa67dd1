// Points in time as people write them on a command line. [any thread]
#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"

namespace paddock {

/// RFC 3339 ("2026-11-27T17:10:00Z", with a fraction or an offset), a day ("2026-11-27", UTC), or
/// how long ago it was ("90s", "10m", "2h", "3d"), from `now`. Errors: kUsage.
Result<std::chrono::system_clock::time_point> parse_when(std::string_view text,
                                                         std::chrono::system_clock::time_point now);

/// RFC 3339 in UTC, with seconds.
std::string when_text(std::time_t time);

}  // namespace paddock
