// Whoever took a file by its path may have been led elsewhere: the plan pins files by identity.
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <string>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::engine {

/// Whether what is open is that file; else errno is ESTALE. [async-signal-safe]
inline bool is_pinned(int fd, const std::optional<contract::FileIdentity>& identity) {
  struct stat found {};
  const bool same = identity && ::fstat(fd, &found) == 0 && found.st_dev == identity->device &&
                    found.st_ino == identity->inode;
  errno = same ? errno : ESTALE;
  return same;
}

/// What ESTALE means for the mount at `target`.
inline Failure not_pinned(const std::string& target) {
  return fail(
      ErrorCode::kBackendRefused,
      "the source of '" + target + "' is not what was planned: another file or folder is there now",
      "something replaces it, a running sandbox perhaps: stop that and try again");
}

}  // namespace paddock::engine
