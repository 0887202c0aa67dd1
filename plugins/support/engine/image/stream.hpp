// What engines tell while they work on images: a stream of JSON objects, one a line. [one thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "paddock/contract/image_messages.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::engine {

/// Passes progress on to the host, seldom enough for people. Nobody is waited for: what the
/// descriptor does not take at once is lost.
class ProgressWriter {
 public:
  /// -1: nobody looks.
  explicit ProgressWriter(int fd) : fd_(fd) {}
  void tell(const contract::ImageProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  int fd_;
  std::map<std::string, Clock::time_point> told_;  ///< by part
};

/// Reads the lines of one answer.
class ImageStream {
 public:
  /// `step` completes "the engine cannot ...".
  ImageStream(std::string step, ProgressWriter& progress)
      : step_(std::move(step)), progress_(progress) {}

  /// Errors: kBackendRefused for one that tells of a failure, or is no JSON object.
  Result<void> take(std::string_view line);

 private:
  std::string step_;
  ProgressWriter& progress_;
};

}  // namespace paddock::engine
