// ErrorCode as it is spelt in JSON and in messages: "P0112".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "paddock/contract/error_code.hpp"

namespace paddock::contract::detail {

inline std::string error_code_text(ErrorCode code) {
  const std::string digits = std::to_string(static_cast<unsigned>(code));
  return "P" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

/// Nothing for a text that is not a code of the table.
inline std::optional<ErrorCode> error_code_from_text(std::string_view text) {
  for (const ErrorCodeInfo& info : kErrorCodes) {
    if (error_code_text(info.code) == text) {
      return info.code;
    }
  }
  return std::nullopt;
}

}  // namespace paddock::contract::detail
