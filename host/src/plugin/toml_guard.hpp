// A look at TOML text before toml++ sees it, for what toml++ 3.3 does not survive.
// Pure; [any thread].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "paddock/contract/error_code.hpp"

namespace paddock::plugin {

/// A dotted key cannot span lines, so this bounds the depth of the document's tree.
inline constexpr std::size_t kMaxDotsPerLine = 32;

struct TomlRefusal {
  ErrorCode code = ErrorCode::kTomlSyntax;
  std::string what;
  std::uint32_t line = 0;
  std::uint32_t column = 0;  ///< bytes
  std::uint32_t length = 1;  ///< bytes
};

/// Refuses a line with too many dots, and bytes beyond ASCII outside strings and comments: TOML has
/// no use for them, and toml++ looks them up in tables whose gaps it declares unreachable.
std::optional<TomlRefusal> guard_toml(std::string_view text);

}  // namespace paddock::plugin
