// The way into a running container that goes round its engine: root joins what the container's
// first process is in. An engine takes a second for what the kernel does in a millisecond, and
// leaves processes of its own behind.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "paddock/contract/plan.hpp"
#include "support/entrance.hpp"

namespace paddock::engine {

/// Where keep_filters() puts a sandbox's filters.
std::string filters_file(const std::string& runtime_dir);

/// The way to `first`, the container's first process. Nothing where only the engine can give a
/// process all of the sandbox's confinement: this user is not root, the filters could not be kept,
/// or a security module confines the container (its label could not be proved here).
std::optional<support::Entrance> way_in(const contract::Plan& plan,
                                        pid_t first,
                                        const std::string& runtime_dir);

}  // namespace paddock::engine
