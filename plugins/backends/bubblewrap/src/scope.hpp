// A transient scope of the user's systemd manager, for users who may make no cgroup themselves.
// systemd-run(1), systemd.resource-control(5).
#pragma once

#include <string>
#include <vector>

#include "paddock/contract/plan.hpp"
#include "support/hierarchy.hpp"
#include "support/spawn.hpp"

namespace paddock::bubblewrap {

/// Whether the user manager runs and was given a controller for each of `limits`.
bool scope_available(const support::Hierarchies& hierarchies,
                     const std::vector<std::string>& limits);

/// "MemoryMax", "CPUQuota" or "TasksMax".
const char* scope_property(const std::string& limit);

/// "paddock-0123456789abcdef.scope".
std::string scope_name(const std::string& instance);

/// Lets `launch` be started by systemd-run, in the same process, inside a new scope.
void wrap_in_scope(support::Launch& launch,
                   const contract::Resources& resources,
                   const std::string& instance);

/// The unit's cgroup directory, from a process in it.
std::string scope_directory(const support::Hierarchies& hierarchies, pid_t pid);

/// Ends and forgets the unit; nothing happens when it is gone.
void stop_scope(const std::string& unit);

}  // namespace paddock::bubblewrap
