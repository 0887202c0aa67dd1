#include "profile/host_match.hpp"

#include <algorithm>

namespace paddock::profile {
namespace {

constexpr std::string_view kOs = "os:";
constexpr std::string_view kArch = "arch:";
constexpr std::size_t kLongest = 128;

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool is_pattern_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == '*' || c == '?';
}

bool is_glob_byte(char c) {
  return c == '*' || c == '?';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

bool is_host_pattern(std::string_view pattern) {
  if (starts_with(pattern, kOs)) {
    pattern.remove_prefix(kOs.size());
  } else if (starts_with(pattern, kArch)) {
    pattern.remove_prefix(kArch.size());
  }
  return !pattern.empty() && pattern.size() <= kLongest &&
         std::all_of(pattern.begin(), pattern.end(), is_pattern_byte);
}

bool matches_host(std::string_view pattern, const Context& context) {
  if (starts_with(pattern, kOs)) {
    return glob(pattern.substr(kOs.size()), context.os);
  }
  if (starts_with(pattern, kArch)) {
    return glob(pattern.substr(kArch.size()), context.architecture);
  }
  return glob(lower(pattern), lower(context.hostname));
}

int host_pattern_rank(std::string_view pattern) {
  constexpr int kKind = 2 * static_cast<int>(kLongest);
  const auto globs = std::count_if(pattern.begin(), pattern.end(), is_glob_byte);
  const int spelt =
      globs == 0 ? kKind - 1 : static_cast<int>(pattern.size()) - static_cast<int>(globs);
  if (starts_with(pattern, kOs)) {
    return spelt;
  }
  return spelt + (starts_with(pattern, kArch) ? kKind : 2 * kKind);
}

}  // namespace paddock::profile
