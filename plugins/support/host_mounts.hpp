// The mount points of a mount namespace.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace paddock::support {

struct HostMounts {
  std::vector<std::string> points;  ///< unescaped, sorted

  /// Mount points strictly below `directory`.
  std::vector<std::string> below(const std::string& directory) const;
};

/// Of this process.
HostMounts read_host_mounts();
/// Of process `pid`, as it sees them; none when it cannot be looked at.
HostMounts read_mounts(pid_t pid);

}  // namespace paddock::support
