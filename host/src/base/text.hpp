// Small helpers on text that people read or wrote.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paddock {

/// The candidate within two edits of `word` (the nearest; the first of equals), if any.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

/// "did you mean 'x'?", else "valid: a, b, c" for under ten candidates, else empty.
std::string name_hint(std::string_view word, const std::vector<std::string>& candidates);

/// Control, bidi, zero-width and invalid bytes as \n, \x1b, \u202e; safe for a terminal.
std::string printable(std::string_view text);

bool is_utf8(std::string_view text);

/// Columns that `text` takes on a terminal (wide characters count two).
std::size_t display_width(std::string_view text);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// A sandbox, profile or plugin name: [a-z0-9][a-z0-9._-]{0,62}, no "..".
bool is_name(std::string_view text);

/// The same in words, for a hint.
inline constexpr const char* kNameRule =
    "small letters, digits, '.', '_' and '-', the first a letter or digit, at most 63, no '..'";

}  // namespace paddock
