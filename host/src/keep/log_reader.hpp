// Reads a log, also while it grows. [one thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "keep/log_format.hpp"
#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::keep {

class LogReader {
 public:
  /// At the oldest record. Errors: kSystem.
  static Result<LogReader> open(const std::filesystem::path& directory);

  /// The next record; nullopt at what is the end by now: later there may be more. Damaged lines
  /// are passed over. Valid until the next call.
  std::optional<LogRecord> next();
  /// Moves to where the last `lines` lines begin, of those from `since` (as of log_time()) on.
  void seek_tail(std::uint64_t lines, const std::string& since);
  /// Returns when something was written, or after `patience`.
  void await_more(std::chrono::milliseconds patience);
  /// Parts that the writer removed before they were read, since the last call.
  std::uint64_t take_missed();

 private:
  struct Place {
    std::uint64_t part = 0, offset = 0;
  };

  explicit LogReader(os::UniqueFd directory) : directory_(std::move(directory)) {}
  bool open_part(std::uint64_t number);
  bool advance();
  void go_to(const Place& place);
  std::optional<std::string_view> next_line();
  bool fill();
  Place place() const { return {number_, offset_}; }

  os::UniqueFd directory_, part_, watch_;
  std::uint64_t number_ = 0;  ///< of the open part; 0: none
  std::uint64_t offset_ = 0;  ///< in it, of the next line
  std::string buffer_;
  std::size_t used_ = 0;  ///< of the buffer, by lines that were given out
  std::uint64_t missed_ = 0;
};

}  // namespace paddock::keep
