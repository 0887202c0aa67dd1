// Where a workspace may be, asked of each layer's root and of the merged one. [any thread]
#pragma once

#include <string>

#include "base/node.hpp"
#include "profile/problems.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {

/// Whether a root that is named in the folder where the user stands leads there; a problem where it
/// does not. What ran here before may have put a link in its place. `named`: as it was written,
/// `real`: where that leads.
bool stays_inside(const Node& root,
                  const std::string& named,
                  const std::string& real,
                  const Context& context,
                  Problems& problems);

}  // namespace paddock::profile
