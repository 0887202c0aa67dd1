// The mount points of this process's mount namespace.
#pragma once

#include <string>
#include <vector>

namespace paddock::bubblewrap {

struct HostMounts {
  std::vector<std::string> points;  ///< unescaped, sorted

  /// Mount points strictly below `directory`.
  std::vector<std::string> below(const std::string& directory) const;
};

HostMounts read_host_mounts();

}  // namespace paddock::bubblewrap
