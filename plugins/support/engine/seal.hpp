// What Docker mounts and the plan does not ask for is taken away, and what its API has no flag for
// is set, from outside on the container that waits: no device and no setuid program opens on any
// mount, /dev is read-only, noexec where the plan says so.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::engine {

/// `pid` is the container's first process. `terminal` is the one that it has where the plan wants
/// one: it becomes the workload's, and has a name inside, /dev/console. For root, and for whom the
/// container's user namespace belongs to. `covers` are mounts that only kept the image's volumes
/// away: they go. `staged`: who owns what is shown already. An image's root gets the files of the
/// sandbox's own.
Result<void> seal(pid_t pid,
                  const contract::Plan& plan,
                  int terminal,
                  const std::vector<std::string>& covers,
                  bool staged = false);

}  // namespace paddock::engine
