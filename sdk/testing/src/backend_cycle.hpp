// The part of check_backend that creates a real sandbox.
#pragma once

#include "common.hpp"
#include "paddock/contract/messages.hpp"

namespace paddock::testing {

/// create, inspect, exec, stop, remove, and what each leaves behind. `prepared` is the answer to
/// `request`; skipped with its reason when the plan is not enforceable here.
void check_cycle(Recorder& recorder,
                 Instance& instance,
                 const std::string& gate,
                 const contract::PrepareRequest& request,
                 const contract::PrepareReply& prepared);

}  // namespace paddock::testing
