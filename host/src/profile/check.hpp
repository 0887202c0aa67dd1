// The shape of one profile file: known tables, known keys, right values. Knows nothing of other
// layers, of trust or of the file system. Pure.
#pragma once

#include <cstdint>

#include "base/node.hpp"
#include "profile/problems.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {

/// What a tree is. A file has an identity and must say schema_version (an empty file says nothing
/// and is fine). Tables are without: an override or --set. Expanded tables hold no variables any
/// more: their values have to be in form as they stand.
enum class Shape : std::uint8_t { kFile, kTables, kExpanded };

/// Adds a problem for everything in `root` that no table allows.
void check_shape(const Node& root, const Context& context, Shape shape, Problems& problems);

/// The row of a dotted key ("resources.memory", "hardener.baseline.keep"), or null. Free keys
/// (workspace.folders.NAME, process.env.NAME) find the row of their table.
const OptionSpec* option_at(std::string_view path, const Context& context);

}  // namespace paddock::profile
