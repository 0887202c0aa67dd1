// The steps of a merge: one a file, one a matching override, one for --set.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "profile/lineage.hpp"

namespace paddock::profile {

enum class StageKind : std::uint8_t { kFile, kOverride, kSet };

struct Stage {
  StageKind kind = StageKind::kFile;
  Layer layer;
  Node tree;             ///< tables only: no identity, no overrides; Node::layer is filled in
  std::size_t file = 0;  ///< index in the lineage; for --set one past its end
  std::filesystem::path directory;  ///< that it speaks for; for --set the working directory
  bool may_widen = false;           ///< shipped, the user's own, or approved
  /// Where a file that may not widen can put a workspace's root; empty: nowhere of its own.
  std::filesystem::path own_folder;
};

/// The stages of `lineage` and of `sets`, in the order of application. A malformed --set and a
/// key that two overrides of equal rank set otherwise are recorded as problems.
std::vector<Stage> make_stages(const Lineage& lineage,
                               const std::vector<std::string>& sets,
                               const Context& context,
                               Problems& problems);

/// "resources.memory=1GiB" as a tree of tables with positions in file "--set", line `line`. The
/// value is read by the type of its key; lists are TOML arrays or comma-separated.
Result<Node> parse_set(const std::string& text, std::uint32_t line, const Context& context);

}  // namespace paddock::profile
