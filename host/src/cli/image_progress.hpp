// How far an image is, on standard error: one line that changes on a terminal, one plain line for
// each phase or step elsewhere, nothing with --quiet. [told from one thread]
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "cli/command.hpp"
#include "image/engine_images.hpp"

namespace paddock::cli {

/// "12.3 MB"; decimal units, as registries count.
std::string bytes_text(std::uint64_t bytes);

class ImageProgressView {
 public:
  /// `title` says what is done: "pulling docker.io/library/debian:13". Empty: the phase says it.
  ImageProgressView(std::string title, const Arguments& arguments);

  void tell(const contract::ImageProgress& progress);
  image::Watch watch() {
    return [this](const contract::ImageProgress& progress) { tell(progress); };
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Part {
    std::uint64_t done = 0, total = 0;
    bool ended = false;
  };

  void remember(const contract::ImageProgress& progress);
  void print_line(const contract::ImageProgress& progress);
  void draw(const contract::ImageProgress& progress);
  void clear();
  std::string bar_line() const;

  std::string title_;
  bool silent_, live_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point drawn_{};
  std::string phase_;  ///< the last one that had a line
  std::string text_;   ///< of the step under way
  std::map<std::string, Part> parts_;
  bool shown_ = false;  ///< there is a line to clear
};

}  // namespace paddock::cli
