// The files of /etc that a sandbox brings into an image's root: its user, its name. Decided before,
// because who writes them may not allocate.
#pragma once

#include <sys/types.h>

#include <vector>

#include "paddock/contract/result.hpp"
#include "support/etc_files.hpp"
#include "support/mount_namespace.hpp"

namespace paddock::engine {

/// Of the container whose first process is `pid`: none where the root holds them already. Accounts
/// of the image's are kept, but for those of a name or number that the sandbox has.
std::vector<support::MadeFile> root_files(pid_t pid, const contract::Plan& plan);

/// Adds to `files` the accounts that the image itself has, whatever is mounted on it in the mount
/// namespace `inside` with this root directory.
Result<void> add_accounts(std::vector<support::MadeFile>& files,
                          const support::MountNamespace& inside,
                          int root);

/// Writes them from within the container's mount namespace, in whose root nothing is read-only
/// yet; no link is followed. The one that could not be, with errno; null: all were. Does not
/// allocate.
const support::MadeFile* write_root_files(const std::vector<support::MadeFile>& files);

}  // namespace paddock::engine
