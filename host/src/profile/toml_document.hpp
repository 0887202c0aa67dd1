// The one place that knows toml++: TOML text to a Node tree in which every key and value keeps its
// place in bytes. Limits are checked before the parser sees the text. Pure; [any thread].
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::profile {

/// What is refused unparsed. The parser recurses once per key part (toml++ 3.4 overflows the stack
/// at some 40,000), so depth is bounded here.
struct TomlLimits {
  std::size_t bytes = 48 * 1024;
  std::size_t key_parts = 16;  ///< a.b.c has three
  std::size_t nesting = 32;    ///< arrays and inline tables within each other
};

/// `text` as a tree; positions carry `file`. Dates are refused: no table of paddock takes one.
/// Errors, with place and excerpt: kFileTooLarge, kTomlSyntax, kWrongType (a date).
Result<Node> parse_toml(std::string_view text,
                        const std::string& file,
                        const TomlLimits& limits = {});

/// The same, for whoever reports all that is wrong: keys that stand twice and dates are left out of
/// the tree and added to `slips`, and the rest is read.
Result<Node> parse_toml(std::string_view text,
                        const std::string& file,
                        std::vector<Error>& slips,
                        const TomlLimits& limits = {});

/// Line `line` (1-based) of `text` without its end; empty when there is none, and for lines over
/// 400 bytes, which help nobody.
std::string source_line(std::string_view text, std::uint32_t line);

/// An error at `where`, its excerpt taken from `text`.
Error error_in(std::string_view text, ErrorCode code, SourcePos where, std::string what);

}  // namespace paddock::profile
