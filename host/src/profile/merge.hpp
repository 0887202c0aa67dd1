// Stages into one tree: each key by the rule of its row, loosening refused where the stage has no
// right to it. Looks at no file system; sources of mounts are compared as text. [one thread]
#pragma once

#include <set>
#include <string>
#include <vector>

#include "profile/history.hpp"
#include "profile/lineage.hpp"
#include "profile/problems.hpp"
#include "profile/stage.hpp"

namespace paddock::profile {

/// What a merge yields.
struct Merged {
  Node root;
  std::vector<std::string> widenings;  ///< one line each: who loosened what, from which line
  std::set<std::string> confined;      ///< mount targets whose source must lie in the workspace
  /// What an approved stage does that would be refused to it unapproved, as that refusal.
  std::vector<Error> gains;
};

/// Merges `stages`, whose variables are expanded and whose workspace.root is absolute. Problems:
/// kWidening with both places, kUntrusted; kBadValue where two parents disagree.
Merged merge_stages(const std::vector<Stage>& stages,
                    const Lineage& lineage,
                    const Context& context,
                    Problems& problems);

}  // namespace paddock::profile
