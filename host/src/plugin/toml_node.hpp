// TOML text to a tree of Nodes with byte positions. The only user of toml++ in this room.
// Pure; [any thread].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/node.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plugin {

/// Larger files are refused: toml++ recurses once per dot of a key when it frees a document.
inline constexpr std::size_t kMaxTomlBytes = std::size_t{48} * 1024;

/// Parses `text`; `file` is the name in positions. Dates are refused, as nothing here takes one.
/// Errors: kTomlSyntax, kFileTooLarge, kWrongType, at their place.
Result<Node> parse_toml(const std::string& file, std::string_view text);

/// Line `number` (1-based) of `text`, without its end.
std::string_view source_line(std::string_view text, std::uint32_t number);

}  // namespace paddock::plugin
