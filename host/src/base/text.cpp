#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <utility>

#include "base/utf8.hpp"

namespace paddock {
namespace {

constexpr std::size_t kMaxEdits = 2;
constexpr std::size_t kMaxListed = 10;
constexpr std::size_t kMaxNameBytes = 63;

// Optimal string alignment distance: insert, delete, replace, swap of neighbours.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = std::exchange(last, row);
  }
  return last[b.size()];
}

std::string escaped(const CodePoint& point) {
  if (point.value == '\n') {
    return "\\n";
  }
  if (point.value == '\t') {
    return "\\t";
  }
  std::array<char, 16> buffer{};
  const char* format = !point.valid || point.value < 0x100 ? "\\x%02x" : "\\u%04x";
  std::snprintf(buffer.data(), buffer.size(), format, static_cast<unsigned>(point.value));
  return buffer.data();
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = kMaxEdits + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    if (longer - std::min(word.size(), candidate.size()) > kMaxEdits) {
      continue;
    }
    const std::size_t distance = edits(word, candidate);
    // A word of three letters shares two edits with nearly everything.
    if (distance < best_distance && distance < longer) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string name_hint(std::string_view word, const std::vector<std::string>& candidates) {
  if (const auto near = nearest(word, candidates)) {
    return "did you mean '" + *near + "'?";
  }
  if (!candidates.empty() && candidates.size() < kMaxListed) {
    return "valid: " + join(candidates, ", ");
  }
  return {};
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (point.valid && !is_deceptive(point.value)) {
      out.append(text.substr(at, point.bytes));
    } else {
      out += escaped(point);
    }
    at += point.bytes;
  }
  return out;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (!point.valid) {
      return false;
    }
    at += point.bytes;
  }
  return true;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const bool wide = (point.value >= 0x1100 && point.value <= 0x115f) ||
                      (point.value >= 0x2e80 && point.value <= 0xa4cf) ||
                      (point.value >= 0xac00 && point.value <= 0xd7a3) ||
                      (point.value >= 0xf900 && point.value <= 0xfaff) ||
                      (point.value >= 0xfe30 && point.value <= 0xfe6f) ||
                      (point.value >= 0xff00 && point.value <= 0xff60) ||
                      (point.value >= 0xffe0 && point.value <= 0xffe6) ||
                      (point.value >= 0x1f300 && point.value <= 0x1faff) ||
                      (point.value >= 0x20000 && point.value <= 0x3fffd);
    const bool combining = point.value >= 0x300 && point.value <= 0x36f;
    width += combining ? 0 : (wide ? 2 : 1);
    at += point.bytes;
  }
  return width;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) {
      out += separator;
    }
    out += part;
  }
  return out;
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes || !is_name_byte(text.front()) ||
      text.find("..") != std::string_view::npos) {
    return false;
  }
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_name_byte(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace paddock
