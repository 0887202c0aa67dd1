// Keys that stand twice in a TOML text, which the parser stops at: where the first one is, and a
// text without the second, so that the rest can be read too. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "paddock/contract/error.hpp"

namespace paddock::profile {

/// What became of a text.
enum class TakenOut : std::uint8_t {
  kNothing,  ///< the second key could not be told apart
  kLine,     ///< KEY = VALUE
  kTable,    ///< a header, and all lines up to the next
};

/// Whether toml++'s words for an error are about a key that stands twice.
bool is_repetition(std::string_view description);

/// Overwrites with blanks what repeats a key of `text` at `error.where`, which then says which key
/// it is, with its place and the first one's. All lines keep their numbers and columns.
TakenOut take_out(std::string& text, Error& error);

}  // namespace paddock::profile
