// ${...} in the strings of a profile, from a closed list. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/node.hpp"
#include "profile/problems.hpp"

namespace paddock::profile {

/// Values by variable name. A variable that is not here stays as it is written.
using Bindings = std::map<std::string, std::string, std::less<>>;

/// Adds a problem for every ${...} in the strings below `node` that is not in the list, or has no
/// end. `$` alone is only a dollar sign; `$${` is a literal "${".
void check_variables(const Node& node, Problems& problems);

/// Whether ${name} stands in `text`; "$${name}" is no variable.
bool names_variable(std::string_view text, std::string_view name);

/// Replaces the bound variables in all strings below `node`. One pass: what a value brings in is
/// not looked at again. With `last`, "$${" becomes "${".
void expand_variables(Node& node, const Bindings& bindings, bool last);

}  // namespace paddock::profile
