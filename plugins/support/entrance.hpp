// One more gate in a running sandbox, under the same confinement as its first process, by joining
// that process's namespaces and control groups (gate/protocol.h, "enter").
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::support {

struct Entrance {
  UniqueFd process;    ///< pidfd of a process of the sandbox
  int namespaces = 0;  ///< CLONE_NEW*: those of its namespaces to join
  std::vector<std::pair<int, std::string>> cgroups;  ///< version and directory
  std::vector<std::string> capabilities;             ///< to keep, by name
  std::uint64_t data_bytes = 0;                      ///< RLIMIT_DATA; 0: as it is
  std::uint64_t processes = 0;                       ///< RLIMIT_NPROC; 0: as it is
  uid_t user = 0;    ///< to become, without any supplementary group; 0: whoever it is there
  gid_t group = 0;   ///< with `user`
  UniqueFd filters;  ///< of system calls, as gate/protocol.h has them; empty: none
};

/// The new gate's PID here; it is a child of this process. `gate_inside` is executed, and inherits
/// what `gate` names. Errors: kBackendRefused, kSystem with the step that failed.
Result<pid_t> enter(const Entrance& entrance,
                    const std::string& gate_inside,
                    const contract::GateSpec& gate);

}  // namespace paddock::support
