// What really holds of a process that nobody confined: to catch a plugin that says more.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

#include "paddock/contract/plan.hpp"

namespace paddock::testing {

/// Whether `protection` holds of `pid`, a child of this process in its namespaces, as `plan` words
/// it; nothing where it cannot be told from here.
std::optional<bool> holds_of(std::string_view protection, pid_t pid, const contract::Plan& plan);

}  // namespace paddock::testing
