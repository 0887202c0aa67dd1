// The shape of one profile file: known tables, known keys, right values. Knows nothing of other
// layers, of trust or of the file system. Pure.
#pragma once

#include "base/node.hpp"
#include "profile/problems.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {

/// Adds a problem for everything in `root` that no table allows. With `whole`, the tree is a file
/// and must say schema_version (an empty file says nothing and is fine); without, it is a set of
/// tables without identity, such as an override or --set.
void check_shape(const Node& root, const Context& context, bool whole, Problems& problems);

/// The row of a dotted key ("resources.memory", "hardener.baseline.keep"), or null. Free keys
/// (workspace.folders.NAME, process.env.NAME) find the row of their table.
const OptionSpec* option_at(std::string_view path, const Context& context);

}  // namespace paddock::profile
