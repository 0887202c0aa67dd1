// What has to change in a container's mounts for the plan to hold: decided before, because who
// makes the changes may not allocate.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/plan.hpp"

namespace paddock::engine {

enum class Action {
  kHarden,  ///< set the attributes
  kDetach,  ///< with what is below it
  kBind,    ///< harden what is pinned, and show its owner on disk as the workload's user
  kGive,    ///< harden, and make it the workload's user's
};

struct Change {
  Action action = Action::kHarden;
  std::string target;
  std::uint64_t attributes = 0;                                   ///< MOUNT_ATTR_* to set
  std::optional<contract::FileIdentity> identity = std::nullopt;  ///< of kBind: what is pinned
  mode_t mode = 0;  ///< to set, too: an engine gives a tmpfs that of the image's folder; 0: none
};

/// One for every mount that process `pid` has now: first what goes, then the others, each in the
/// order of their targets. `covers` are mounts that were only to keep others away.
std::vector<Change> changes_for(pid_t pid,
                                const contract::Plan& plan,
                                const std::vector<std::string>& covers);

}  // namespace paddock::engine
