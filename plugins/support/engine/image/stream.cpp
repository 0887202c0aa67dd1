#include "support/engine/image/stream.hpp"

#include <unistd.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "paddock/contract/codec.hpp"

namespace paddock::engine {
namespace {

using Json = nlohmann::json;
using contract::ImageProgress;

constexpr std::size_t kLongestText = 400;
constexpr std::size_t kLongestLine = 4096;  // IMG-05, and what a pipe takes whole
constexpr std::chrono::milliseconds kSeldom{50};

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::uint64_t number_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

/// One line of it, without blanks at the ends, and whole characters.
std::string one_line(std::string text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \r\n\t"), text.size());
  text.erase(0, begin);
  text.resize(std::min({text.find('\n'), text.size(), kLongestText}));
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) {
    text.pop_back();
  }
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) {
    text.pop_back();  // perhaps cut in two
  }
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

/// Of a long failure the end matters, too: "... returned a non-zero code: 1".
std::string both_ends(const std::string& text) {
  return text.size() <= kLongestText ? one_line(text)
                                     : one_line(text.substr(0, kLongestText / 2)) + " ... " +
                                           one_line(text.substr(text.size() - kLongestText / 4));
}

/// Of one layer, in the words of Docker's and Podman's `status`.
ImageProgress layer_progress(const Json& json, const std::string& status) {
  const Json detail = json.value("progressDetail", Json::object());
  ImageProgress progress{"", one_line(text_of(json, "id")), 0, 0, ""};
  if (detail.is_object()) {
    progress.done_bytes = number_of(detail, "current");
    progress.total_bytes = number_of(detail, "total");
  }
  progress.phase =
      status == "Downloading"  ? "downloading"
      : status == "Extracting" ? "extracting"
      : status == "Pull complete" || status == "Already exists" || status == "Download complete"
          ? "done"
          : "waiting";
  return progress;
}

bool is_step(const std::string& text) {
  return text.starts_with("Step ") || text.starts_with("STEP ");
}

}  // namespace

void ProgressWriter::tell(const ImageProgress& progress) {
  const auto now = Clock::now();
  if (progress.total_bytes != 0 && progress.done_bytes < progress.total_bytes) {
    auto& last = told_[progress.phase + " " + progress.part];
    if (now - last < kSeldom) {
      return;
    }
    last = now;
  }
  const std::string line = contract::encode(progress) + "\n";
  if (fd_ >= 0 && line.size() <= kLongestLine) {
    (void)!::write(fd_, line.data(), line.size());
  }
}

Result<void> ImageStream::take(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) {
    return fail(ErrorCode::kBackendRefused, "the engine's answer makes no sense: " + step_);
  }
  if (json.contains("error")) {
    const std::string words = both_ends(text_of(json, "error"));
    return fail(ErrorCode::kBackendRefused, "the engine cannot " + step_ + ": " +
                                                (words.empty() ? "it gives no reason" : words));
  }
  if (const std::string text = one_line(text_of(json, "stream")); !text.empty()) {
    progress_.tell({is_step(text) ? "step" : "output", "", 0, 0, text});
  } else if (const std::string status = one_line(text_of(json, "status")); !status.empty()) {
    const bool of_layer = json.contains("progressDetail") && json.contains("id");
    progress_.tell(of_layer ? layer_progress(json, status)
                            : ImageProgress{"pulling", "", 0, 0, status});
  }
  return {};
}

}  // namespace paddock::engine
