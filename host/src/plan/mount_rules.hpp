// What a plugin may do to mounts. A profile's own mounts were checked when it was resolved.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "paddock/contract/plan.hpp"

namespace paddock::plan {

/// Why no plugin may mount on `target`; nullopt: it may.
std::optional<std::string> target_refusal(std::string_view target);

/// Whether `narrower` allows nothing that `mount` does not: the same thing with less rights, or an
/// empty tmpfs in its place.
bool narrows(const contract::Mount& narrower, const contract::Mount& mount);

}  // namespace paddock::plan
