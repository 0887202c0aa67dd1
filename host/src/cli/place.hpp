// Where a value was written, as tables show it.
#pragma once

#include <string>

#include "paddock/contract/error.hpp"

namespace paddock::cli {

/// "base.toml:48:11": a profile that can be named by its file's name, any other file as the user
/// wrote it. Empty without a line.
std::string place_text(const SourcePos& where);

}  // namespace paddock::cli
