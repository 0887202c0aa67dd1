#include "profile/names.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace paddock::profile {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool is_folder_name(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  if (text.empty() || text.size() > kLongest || text.find("..") != std::string_view::npos ||
      !(is_letter(text.front()) || is_digit(text.front()))) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
  });
}

bool is_variable_name(std::string_view text) {
  constexpr std::size_t kLongest = 128;
  if (text.empty() || text.size() > kLongest || is_digit(text.front())) {
    return false;
  }
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool is_hostname(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  if (text.empty() || text.size() > kLongest || text.find("..") != std::string_view::npos) {
    return false;
  }
  const auto is_edge = [](char c) { return is_letter(c) || is_digit(c); };
  return is_edge(text.front()) && is_edge(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_edge(c) || c == '.' || c == '-'; });
}

std::string shown(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (point.valid && point.value >= 0x80) {
      std::array<char, 16> buffer{};
      std::snprintf(buffer.data(), buffer.size(), "\\u%04x", static_cast<unsigned>(point.value));
      out += buffer.data();
    } else {
      out += printable(text.substr(at, point.bytes));
    }
    at += point.bytes;
  }
  return out;
}

bool is_deceptive_text(std::string_view text) {
  return printable(text) != text;
}

}  // namespace paddock::profile
