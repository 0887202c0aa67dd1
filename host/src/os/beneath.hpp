// Opening what lies below a folder that somebody else changes at the same time: never through a
// link, never out of the folder, never onto another mount (openat2(2), since Linux 5.6).
// [any thread]
#pragma once

#include <sys/types.h>

#include <string>

#include "os/unique_fd.hpp"

namespace paddock::os {

/// `path` from `folder`, close-on-exec; FIFOs and devices are opened without waiting. Empty with
/// errno: ELOOP for a link on the way, EXDEV for a way out or another mount.
UniqueFd open_beneath(int folder, const std::string& path, int flags, mode_t mode = 0);

/// The same for a path from the current folder or the root, wherever it leads: only links are
/// refused.
UniqueFd open_without_links(const std::string& path, int flags);

/// Whether `name` is one name in a folder: not empty, no '/', neither "." nor "..".
bool is_entry_name(const std::string& name);

}  // namespace paddock::os
