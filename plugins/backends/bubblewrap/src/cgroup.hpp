// Limits by cgroup: where one may be made here, making, reading and removing it. Only directories
// that carry an instance's name are ever touched.
#pragma once

#include <string>
#include <vector>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"
#include "support/limits.hpp"

namespace paddock::bubblewrap {

/// One directory to make, and the limits that it will hold.
struct CgroupPlace {
  int version = 1;
  std::string directory;
  std::vector<std::string> limits;  ///< "memory", "cpu", "pids"
};

/// How each limit of a plan is kept.
struct LimitPlan : support::Limits {
  std::vector<CgroupPlace> places;
  bool scope = false;  ///< a transient systemd unit holds them instead

  /// The directory that holds `limit`; empty without one.
  std::string directory_of(const std::string& limit) const;
};

/// Decides from the mounted hierarchies and who runs this; makes nothing.
LimitPlan plan_limits(const contract::Resources& resources, const std::string& instance);

/// The same for every limit at once, whatever a plan asks: what `probe` reports.
LimitPlan plan_all_limits();

/// Makes the directories and writes the limits. On error nothing of them is left.
Result<void> make_cgroups(const LimitPlan& limits, const contract::Resources& resources);

/// Ends what runs in a cgroup of `instance` and removes it; ok when it is not there. Errors:
/// kSystem when it is still busy after about two seconds, kInternal for a foreign path.
Result<void> remove_cgroup(const std::string& directory, const std::string& instance);

/// Whether the kernel killed a process of it for lack of memory.
bool memory_ran_out(const std::string& directory);

/// "paddock-0123456789abcdef".
std::string cgroup_name(const std::string& instance);

}  // namespace paddock::bubblewrap
