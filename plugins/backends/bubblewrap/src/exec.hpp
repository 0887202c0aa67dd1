// One more gate in a running sandbox, under the same confinement as its first process.
#pragma once

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "record.hpp"

namespace paddock::bubblewrap {

/// The new gate's PID here; it is a child of this process.
Result<pid_t> exec_gate(const contract::ExecRequest& request, const Record& sandbox);

}  // namespace paddock::bubblewrap
