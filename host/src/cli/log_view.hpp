// Records of a log as people or programs read them. [main thread]
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "keep/log_format.hpp"

namespace paddock::cli {

struct LogStyle {
  bool timestamps = false;
  bool raw = false;  ///< control characters even to a terminal
  bool json = false;
};

class LogView {
 public:
  explicit LogView(LogStyle style);

  /// Buffered, in order.
  void show(const keep::LogRecord& record);
  /// Says that the log moved on faster than it was read.
  void tell_missed(std::uint64_t parts);
  /// Whether somebody still reads.
  bool flush();

 private:
  void show_text(const keep::LogRecord& record, std::string& out);
  void show_json(const keep::LogRecord& record);
  void choose(keep::Stream stream);

  LogStyle style_;
  std::array<bool, 2> neutral_;  ///< by stream: it is a terminal
  std::array<bool, 2> in_line_ = {false, false};
  keep::Stream stream_ = keep::Stream::kOut;  ///< of what is buffered
  std::string buffer_;
  bool read_ = true;
};

}  // namespace paddock::cli
