// Edits of a plan by JSON pointer. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plan {

/// By leaf pointer: the new value as JSON text, or nullopt to remove a map entry.
using Edits = std::map<std::string, std::optional<std::string>>;

/// `plan` with the edits. Errors: a value that the plan's strict decoder refuses.
Result<contract::Plan> apply_edits(const contract::Plan& plan, const Edits& edits);

}  // namespace paddock::plan
