// The shape of one profile file: known tables, known keys, right values. Knows nothing of other
// layers, of trust or of the file system. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/node.hpp"
#include "profile/problems.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {

/// What a tree is. A file has an identity and must say schema_version (an empty file says nothing
/// and is fine). Tables are without: an override or --set. Expanded tables hold no variables any
/// more: their values have to be in form as they stand.
enum class Shape : std::uint8_t { kFile, kTables, kExpanded };

/// Adds a problem for everything in `root` that no table allows. Returns the keys at the top of
/// `root` that are wrong or hold something wrong: what is left without them can be worked on.
std::vector<std::string> check_shape(const Node& root,
                                     const Context& context,
                                     Shape shape,
                                     Problems& problems);

/// Takes `keys` out of the top of `root`, and the mounts where the workspace goes, for they may be
/// parts of it: nothing that is left is wrong only for what was taken.
void drop_keys(Node& root, const std::vector<std::string>& keys);

/// The row of a dotted key ("resources.memory", "hardener.baseline.keep"), or null. Free keys
/// (workspace.folders.NAME, process.env.NAME) find the row of their table.
const OptionSpec* option_at(std::string_view path, const Context& context);

}  // namespace paddock::profile
