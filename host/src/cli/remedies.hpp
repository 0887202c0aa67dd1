// What to do about an error code, for `paddock help P0112`.
#pragma once

#include <string_view>

#include "paddock/contract/error_code.hpp"

namespace paddock::cli {

/// A sentence or two; every code has one. An error's own hint, where it has one, knows more.
std::string_view remedy(ErrorCode code);

}  // namespace paddock::cli
