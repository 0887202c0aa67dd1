// How a container's limits are kept. Root's engine keeps all of them. A user's own keeps those
// whose controller that user was given, which takes version 2 of cgroups; of the others Podman says
// that they are "not supported and ignored", so it is not asked for them.
#pragma once

#include "support/hierarchy.hpp"
#include "support/limits.hpp"

namespace paddock::engine {

/// `is_root`: whether the engine is root's; `own`: the cgroups of this process.
support::Limits plan_limits(const contract::Resources& resources,
                            bool is_root,
                            const support::Hierarchies& own);
/// For this user, here.
support::Limits plan_limits(const contract::Resources& resources);

/// Whether the engine keeps `limit` in a control group.
bool is_in_cgroup(const support::Limits& limits, const std::string& limit);

/// What the engine is asked for.
contract::Resources of_engine(contract::Resources resources, const support::Limits& limits);

}  // namespace paddock::engine
