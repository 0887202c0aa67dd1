// The cgroup file systems that are mounted here and this process's place in each. cgroups(7).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace paddock::support {

struct Hierarchies {
  std::string mounts;   ///< /proc/self/mountinfo
  std::string members;  ///< /proc/self/cgroup
};

/// As they were when this process first asked: it never moves itself.
const Hierarchies& own_hierarchies();

/// The directory of this process in the version 1 hierarchy of `controller`; none where it is
/// not mounted.
std::optional<std::string> own_v1(const Hierarchies& hierarchies, const std::string& controller);

struct OwnV2 {
  std::string mount_point;
  std::string directory;  ///< of this process
};
std::optional<OwnV2> own_v2(const Hierarchies& hierarchies);

/// The same with the place of `process`, "/proc/N".
Hierarchies hierarchies_of(const std::string& process);

/// Every cgroup that `process`, "/proc/N", is in: version and directory. Nothing when one of them
/// cannot be reached here.
std::optional<std::vector<std::pair<int, std::string>>> cgroups_of(const std::string& process);

/// Whether a version 2 file such as cgroup.controllers, "cpuset cpu io\n", names `controller`.
bool lists_controller(const std::string& file, const std::string& controller);

}  // namespace paddock::support
