// Stages into one tree: each key by the rule of its row, loosening refused where the stage has no
// right to it. Looks at no file system; sources of mounts are compared as text. [one thread]
#pragma once

#include <set>
#include <string>
#include <vector>

#include "profile/lineage.hpp"
#include "profile/problems.hpp"
#include "profile/stage.hpp"

namespace paddock::profile {

/// What a merge yields.
struct Merged {
  Node root;
  std::vector<std::string> widenings;  ///< one line each: who loosened what, from which line
  std::set<std::string> confined;      ///< mount targets whose source must lie in the workspace
};

/// Merges `stages`, whose variables are expanded and whose workspace.root is absolute. Problems:
/// kWidening with both places, kUntrusted.
Merged merge_stages(const std::vector<Stage>& stages,
                    const Lineage& lineage,
                    const Context& context,
                    Problems& problems);

/// Whether `path` is `directory` or inside it, as text; both are absolute and normal.
bool is_inside(const std::string& path, const std::string& directory);

}  // namespace paddock::profile
