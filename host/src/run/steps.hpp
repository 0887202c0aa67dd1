// The single steps of a launch; launch.cpp puts them in order. [main thread]
#pragma once

#include "run/launch.hpp"

namespace paddock::run {

// before.cpp: until something exists outside this process
Result<void> load_profile(Session& session);
Result<void> plan_launch(Session& session);
Result<void> provide_image(Session& session);
Result<void> claim_name(Session& session);
/// As it can be given from another folder.
Order repeatable(Order order, const std::string& name);
Result<void> load_hooks(Session& session);
Result<void> hooks_before(Session& session);
Result<void> start_digests(Session& session);
Result<void> prepare(Session& session);

// bring_up.cpp: until the workload's first instruction
Result<void> journal(Session& session);
/// Makes the named volumes that are not there, and pins them in the plan.
Result<void> volumes(Session& session);
/// Waits while too many others come up.
Result<void> await_turn(Session& session);
Result<void> create(Session& session);
Result<void> attach(Session& session);
Result<void> prove(Session& session);
/// The proof itself; with `unassigned` of a gate that is not told yet what it will start.
Result<void> examine(Session& session, bool unassigned);
/// What is written about the launch, in the background.
void start_papers(Session& session);
Result<void> record(Session& session);
Result<void> release(Session& session);

// take_down.cpp: each idempotent; goes on past failures and tells the first
Result<void> take_down(Session& session, std::optional<int> exit_code);
/// The record of a sandbox of which nothing is left.
Result<void> end(Session& session);

}  // namespace paddock::run
