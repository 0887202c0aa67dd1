// Gate 2 and `probe`: this backend's word on every leaf and every protection. The mechanism
// texts are the table of README.md, which a test compares.
#pragma once

#include "paddock/sdk/backend.hpp"
#include "support/engine/engine.hpp"
#include "support/engine/owner.hpp"
#include "support/engine/runtimes.hpp"
#include "support/host_root.hpp"

namespace paddock::engine {

/// An answer for every leaf of `plan`. `rootless`: why an ordinary user's engine cannot have the
/// workload's user, if it cannot. `runtime`: what isolates as the plan asks, or why nothing does.
std::vector<contract::Answer> answer(const contract::Plan& plan,
                                     const std::optional<Obstacle>& rootless,
                                     const Result<Runtime>& runtime);

/// Every mount of the container beyond the plan's, once it is sealed.
std::vector<contract::EngineMount> engine_mounts(const contract::Plan& plan,
                                                 const support::HostRoot& root,
                                                 const Runtime& runtime);

/// Support of every protection of the contract by an engine that answers.
contract::ProbeReply supported(const Version& version, const Runtimes& runtimes);

}  // namespace paddock::engine
