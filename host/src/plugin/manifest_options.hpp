// The [[option]] rows of a manifest. Pure; [any thread].
#pragma once

#include <vector>

#include "base/node.hpp"
#include "base/option.hpp"
#include "plugin/problems.hpp"

namespace paddock::plugin {

/// Reads and checks every row; bad rows are problems and are left out.
std::vector<OptionSpec> read_options(const Node& rows, Problems& problems);

}  // namespace paddock::plugin
