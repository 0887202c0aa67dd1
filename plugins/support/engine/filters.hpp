// The filters of system calls that an engine has put upon a container: for whoever enters it later
// by another way than the engine's.
#pragma once

#include <sys/types.h>

#include <string>

#include "paddock/contract/result.hpp"

namespace paddock::engine {

/// Writes the filters of `pid`, a gate that waits, to `file`, as gate/protocol.h has them. Needs
/// CAP_SYS_ADMIN and a kernel with CONFIG_CHECKPOINT_RESTORE. ptrace(2), PTRACE_SECCOMP_GET_FILTER.
/// Errors: kSystem.
Result<void> keep_filters(pid_t pid, const std::string& file);

}  // namespace paddock::engine
