// How a container's limits are kept. Root's engine keeps all of them. A user's own keeps those
// whose controller systemd gave that user's manager, which takes version 2 of cgroups; the others
// Podman ignores, so it is not asked for them.
#pragma once

#include <sys/types.h>

#include "support/hierarchy.hpp"
#include "support/limits.hpp"

namespace paddock::engine {

/// Of an engine of `user`'s; `here`: the cgroup file systems.
support::Limits plan_limits(const contract::Resources& resources,
                            uid_t user,
                            const support::Hierarchies& here);
/// Of this user's, here.
support::Limits plan_limits(const contract::Resources& resources);

/// Whether the engine keeps `limit` in a control group.
bool is_in_cgroup(const support::Limits& limits, const std::string& limit);

/// What the engine is asked for.
contract::Resources of_engine(contract::Resources resources, const support::Limits& limits);

}  // namespace paddock::engine
