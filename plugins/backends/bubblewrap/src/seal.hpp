// The last touches that bwrap has no option for, made from outside on the sandbox that waits:
// private propagation, kernel paths read-only or covered, hidden paths covered, noexec.
#pragma once

#include <sys/types.h>

#include "layout.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::bubblewrap {

/// `pid` is the sandbox's first process.
Result<void> seal(pid_t pid, const Layout& layout);

}  // namespace paddock::bubblewrap
