#include "base/utf8.hpp"

namespace paddock {
namespace {

// Length and smallest legal value for a lead byte; length 0 for none.
struct Lead {
  std::size_t bytes;
  char32_t bits;
  char32_t minimum;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) {
    return {1, byte, 0};
  }
  if (byte >= 0xc2 && byte < 0xe0) {
    return {2, static_cast<char32_t>(byte & 0x1f), 0x80};
  }
  if (byte >= 0xe0 && byte < 0xf0) {
    return {3, static_cast<char32_t>(byte & 0x0f), 0x800};
  }
  if (byte >= 0xf0 && byte < 0xf5) {
    return {4, static_cast<char32_t>(byte & 0x07), 0x10000};
  }
  return {0, byte, 0};
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t offset) {
  const auto first = static_cast<unsigned char>(text[offset]);
  const Lead lead = lead_of(first);
  const CodePoint broken{first, 1, false};
  if (lead.bytes == 0 || offset + lead.bytes > text.size()) {
    return broken;
  }
  char32_t value = lead.bits;
  for (std::size_t i = 1; i < lead.bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[offset + i]);
    if ((byte & 0xc0) != 0x80) {
      return broken;
    }
    value = (value << 6) | (byte & 0x3f);
  }
  const bool surrogate = value >= 0xd800 && value < 0xe000;
  if (value < lead.minimum || surrogate || value > 0x10ffff) {
    return broken;
  }
  return {value, lead.bytes, true};
}

bool is_deceptive(char32_t value) {
  const auto between = [value](char32_t low, char32_t high) {
    return value >= low && value <= high;
  };
  return value < 0x20 || between(0x7f, 0x9f) || value == 0xad || value == 0x61c ||
         value == 0x180e || between(0x200b, 0x200f) || between(0x2028, 0x202e) ||
         between(0x2060, 0x206f) || value == 0xfeff || between(0xfff9, 0xfffb) ||
         between(0xe0000, 0xe007f);
}

}  // namespace paddock
