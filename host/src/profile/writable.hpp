// What a sandbox may read and must not write: this machine's programs, and paddock itself.
#pragma once

#include "profile/problems.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {

/// Looks at every writable source of the settled tree `root`: workspace, folders and mounts.
/// Problems: kForbiddenPath.
void check_writable(const Node& root, const Context& context, Problems& problems);

}  // namespace paddock::profile
