#include "plugin/toml_guard.hpp"

#include <algorithm>

namespace paddock::plugin {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// The end of the string that starts at `start` with `quote`, or of what there is of it. An
/// unfinished one is toml++'s to report.
std::size_t end_of_string(std::string_view text, std::size_t start) {
  const char quote = text[start];
  const std::string fence(3, quote);
  const bool block = text.substr(start, 3) == fence;
  for (std::size_t at = start + (block ? 3 : 1); at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (block ? text.substr(at, 3) == fence : text[at] == quote || text[at] == '\n') {
      return at + (block ? 3 : 1);
    }
  }
  return text.size();
}

/// The first byte beyond ASCII that is not in a string or comment.
std::size_t first_bare_byte(std::string_view text) {
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '"' || c == '\'') {
      at = end_of_string(text, at);
    } else if ((static_cast<unsigned char>(c) & 0x80) != 0) {
      return at;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

/// The first line with more dots than any key needs, or 0.
std::uint32_t line_of_too_many_dots(std::string_view text) {
  std::uint32_t line = 1;
  std::size_t dots = 0;
  for (const char c : text) {
    dots = c == '\n' ? 0 : dots + (c == '.' ? 1 : 0);
    line += c == '\n' ? 1 : 0;
    if (dots > kMaxDotsPerLine) {
      return line;
    }
  }
  return 0;
}

}  // namespace

std::optional<TomlRefusal> guard_toml(std::string_view text) {
  if (const std::uint32_t line = line_of_too_many_dots(text); line != 0) {
    return TomlRefusal{ErrorCode::kFileTooLarge, "a line holds more than 32 dots", line, 1, 1};
  }
  const std::size_t bare = first_bare_byte(text);
  if (bare == std::string_view::npos) {
    return std::nullopt;
  }
  std::size_t end = bare + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    ++end;  // to the end of the character
  }
  const std::string_view before = text.substr(0, bare);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto newlines = std::count(before.begin(), before.end(), '\n');
  return TomlRefusal{ErrorCode::kTomlSyntax, "not TOML: keys beyond ASCII need quotes",
                     static_cast<std::uint32_t>(newlines + 1),
                     static_cast<std::uint32_t>(bare - line_start + 1),
                     static_cast<std::uint32_t>(end - bare)};
}

}  // namespace paddock::plugin
