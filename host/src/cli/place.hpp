// Where a value was written, as tables show it.
#pragma once

#include <string>

#include "paddock/contract/error.hpp"

namespace paddock::cli {

/// "base.toml:48:11": a profile that can be named by its file's name, any other file as the user
/// wrote it. Empty without a line.
std::string place_text(const SourcePos& where);

/// "base.toml:48:11" of a place that is written out, "/usr/share/paddock/profiles/base.toml:48:11".
std::string short_place(const std::string& place);

}  // namespace paddock::cli
