// Code points of UTF-8 text, strictly by RFC 3629.
#pragma once

#include <cstddef>
#include <string_view>

namespace paddock {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;  ///< false: one byte that is not UTF-8, its value in `value`
};

/// The code point at `offset`, which is inside `text`.
CodePoint decode_utf8(std::string_view text, std::size_t offset);

/// Characters that change how a terminal or reader shows the text around them, and are shown
/// escaped: controls, bidirectional overrides, zero-width and other format characters.
bool is_deceptive(char32_t value);

}  // namespace paddock
