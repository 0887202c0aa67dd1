// The log of a sandbox that runs in the background, in the format of Kubernetes' CRI logs: a line
// "TIME STREAM TAG TEXT" for each line that the workload wrote. TIME is RFC 3339 in UTC with
// nanoseconds, STREAM stdout or stderr, TAG F, or P where TEXT did not end with a newline. TEXT is
// the workload's bytes as they came. [any thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paddock::keep {

enum class Stream : std::uint8_t { kOut, kErr };

/// "2026-11-27T17:10:00.123456789Z": texts of this form sort as their times do.
std::string log_time(std::chrono::system_clock::time_point time);

/// Appends the records of `bytes`, which were all read at `time`.
void append_records(std::string& log, std::string_view time, Stream stream, std::string_view bytes);

struct LogRecord {
  std::string_view time;
  Stream stream = Stream::kOut;
  bool ends_line = true;
  std::string_view text;  ///< without the newline
};

/// Of one line of a log, without its newline. nullopt: damaged.
std::optional<LogRecord> parse_record(std::string_view line);

}  // namespace paddock::keep
