#include "cli/image_progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/text.hpp"
#include "cli/output.hpp"

namespace paddock::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 300ms;  // a short work shows nothing
constexpr auto kInterval = 100ms;
constexpr std::size_t kBar = 24;

bool is_live() {
  const char* const term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79U;
}

/// Whole characters, in so many columns.
std::string clipped(std::string text, std::size_t width) {
  while (display_width(text) > width) {
    do {
      text.pop_back();
    } while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80);
  }
  return text;
}

/// A kind of work that has its line where nothing can be drawn.
bool has_line(const std::string& phase) {
  return phase == "downloading" || phase == "extracting" || phase == "sending" || phase == "step";
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < std::size(kUnits); ++unit) {
    value /= 1000;
  }
  char text[32];
  (void)std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

ImageProgressView::ImageProgressView(std::string title, const Arguments& arguments)
    : title_(std::move(title)), silent_(arguments.quiet || arguments.json), live_(is_live()) {}

void ImageProgressView::tell(const contract::ImageProgress& progress) {
  remember(progress);
  if (silent_) {
    return;
  }
  if (progress.phase == "end") {
    clear();
  } else if (live_) {
    draw(progress);
  } else {
    print_line(progress);
  }
}

void ImageProgressView::remember(const contract::ImageProgress& progress) {
  if (progress.phase == "step") {
    text_ = printable(progress.text);
  }
  if (progress.phase == "downloading" || progress.phase == "done") {
    Part& part = parts_[progress.part];
    part.ended = progress.phase == "done";
    part.total = std::max(part.total, progress.total_bytes);
    part.done = part.ended ? part.total : progress.done_bytes;
  } else if (progress.phase == "waiting") {
    parts_[progress.part];
  }
}

void ImageProgressView::print_line(const contract::ImageProgress& progress) {
  const bool step = progress.phase == "step";
  if (!has_line(progress.phase) || (progress.phase == phase_ && !step)) {
    return;
  }
  phase_ = progress.phase;
  const std::string what = title_.empty() ? "" : title_ + ": ";
  print_error("paddock: " + what + (step ? text_ : phase_) + "\n");
}

std::string ImageProgressView::bar_line() const {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::size_t ended = 0;
  for (const auto& [name, part] : parts_) {
    done += part.done;
    total += part.total;
    ended += part.ended ? 1 : 0;
  }
  const auto filled = static_cast<std::size_t>(
      total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total) * kBar);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(done) / std::max(seconds, 0.1));
  return "[" + std::string(filled, '#') + std::string(kBar - filled, '.') + "] " +
         bytes_text(done) + "/" + bytes_text(total) + "  " + bytes_text(rate) + "/s  layer " +
         std::to_string(ended) + "/" + std::to_string(parts_.size());
}

void ImageProgressView::draw(const contract::ImageProgress& progress) {
  const auto now = Clock::now();
  if (now - begin_ < kPatience || now - drawn_ < kInterval) {
    return;
  }
  drawn_ = now;
  shown_ = true;
  const std::string what = title_.empty() ? "" : "  " + title_;  // what is cut, if anything
  const std::string how = !text_.empty() ? text_
                          : progress.phase == "sending"
                              ? "sending " + bytes_text(progress.done_bytes)
                          : progress.phase == "extracting" ? bar_line() + " extracting"
                          : parts_.empty()                 ? printable(progress.text)
                                                           : bar_line();
  print_error("\r\x1b[K" + clipped(how + what, columns()));
}

void ImageProgressView::clear() {
  if (shown_) {
    print_error("\r\x1b[K");
    shown_ = false;
  }
}

}  // namespace paddock::cli
