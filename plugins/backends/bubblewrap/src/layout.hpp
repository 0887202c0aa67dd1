// What the sandbox's file system is made of beside the plan's own mounts: decided once from the
// plan and the host, and read by prepare (engine mounts), create (bwrap's options) and the seal.
#pragma once

#include <vector>

#include "paddock/contract/messages.hpp"
#include "support/host_root.hpp"

namespace paddock::bubblewrap {

inline constexpr const char* kGateTarget = "/.paddock/gate";
inline constexpr const char* kEmptyFile = "/.paddock/empty";      ///< what covered files show
inline constexpr const char* kEmptyDirectory = "/.paddock/void";  ///< what covered directories show

struct Layout : support::HostRoot {
  std::vector<contract::EngineMount> mounts;  ///< all that mountinfo will show of it
};

/// Reads the host; changes nothing.
Layout survey(const contract::Plan& plan);

}  // namespace paddock::bubblewrap
