// Paths of a profile against this machine: before the merge, so that layers compare like with like,
// and after it, when what will be mounted is known.
#pragma once

#include <vector>

#include "profile/merge.hpp"
#include "profile/stage.hpp"

namespace paddock::profile {

/// Expands the variables of every stage and makes workspace.root and mount targets absolute and
/// normal. `name` is the sandbox's. Problems: those of check_shape, kUnknownVariable,
/// kForbiddenPath; a table with one is left out of its stage, so that the rest can be merged.
void settle_stages(std::vector<Stage>& stages,
                   const std::string& name,
                   const Context& context,
                   Problems& problems);

/// Resolves and checks root, folders and mounts of the merged tree; fills in the defaults of
/// mounts, so that each has target, type, mode and exec, and source or size.
void settle_merged(Merged& merged,
                   const Request& request,
                   const Context& context,
                   Problems& problems);

}  // namespace paddock::profile
