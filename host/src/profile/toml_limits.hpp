// A look at TOML text before it is parsed: how long its keys and how deep its nesting are, and
// whether it holds bytes that the parser must not see.
#pragma once

#include <optional>
#include <string_view>

#include "profile/toml_document.hpp"

namespace paddock::profile {

/// The first limit that `text` breaks, or nullopt. It need not be TOML.
std::optional<Error> check_limits(std::string_view text,
                                  const std::string& file,
                                  const TomlLimits& limits);

}  // namespace paddock::profile
