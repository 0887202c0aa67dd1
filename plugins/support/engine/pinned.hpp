// Whoever took a file by its path may have been led elsewhere: the plan pins files by identity.
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <optional>

#include "paddock/contract/plan.hpp"

namespace paddock::engine {

/// Whether what is open is that file; else errno is ESTALE. [async-signal-safe]
inline bool is_pinned(int fd, const std::optional<contract::FileIdentity>& identity) {
  struct stat found {};
  const bool same = identity && ::fstat(fd, &found) == 0 && found.st_dev == identity->device &&
                    found.st_ino == identity->inode;
  errno = same ? errno : ESTALE;
  return same;
}

}  // namespace paddock::engine
