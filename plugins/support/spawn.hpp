// Starts one program outside, quickly: no copy of this process's memory, an empty environment, a
// session and a session keyring of its own, no supplementary group where it may drop them, and no
// descriptor but the named ones.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <vector>

#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::support {

struct Launch {
  std::string program;  ///< absolute
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::array<int, 3> stdio{-1, -1, -1};
  std::vector<int> inherited;      ///< keep their numbers, all >= 3
  std::vector<std::string> tasks;  ///< cgroup v1 "tasks" files to enter before exec
  UniqueFd cgroup;                 ///< cgroup v2 directory to start in

  /// Starts in that directory of a hierarchy of that version. Errors: kSystem.
  Result<void> join_cgroup(int version, const std::string& directory);
};

struct Child {
  pid_t pid = -1;
  UniqueFd pidfd;
};

/// The child dies with the thread that calls this. Errors name the step that failed.
Result<Child> spawn(const Launch& launch);

}  // namespace paddock::support
