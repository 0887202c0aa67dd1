// Warm sandboxes: made and proved ahead of time, waiting in the gate with nothing of a workload
// inside. Each has a keeper of its own and belongs to one order: profile, settings, backend,
// folder, and whether there is a terminal. [main thread]
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "paddock/contract/result.hpp"
#include "run/attach.hpp"
#include "run/launch.hpp"

namespace paddock::run {

/// One that nobody took by then ends.
inline constexpr std::chrono::seconds kWarmAge{3600};

/// In its keeper: has session.keeper give the sandbox to whoever takes it first. The command is
/// then told to the gate, everything proved once more, and released; `taken` is called before.
void offer(Session& session, const std::function<void()>& taken);

/// Runs the order's command in a warm sandbox. `welcomed` is called with the keeper's note on the
/// proof before the command's first words. nullopt: none is fit, and nothing has run. Errors: the
/// command cannot be run; those of attach_to().
Result<std::optional<AttachEnd>> take_warm(const Store& store,
                                           const Order& order,
                                           SignalWatch& signals,
                                           const std::function<void(const std::string&)>& welcomed);

/// How many are to be made, so that there are as many as the profile wants; ends those that are not
/// fit any more. Call it under `warm_lock`.
Result<std::int64_t> missing_warm(const Store& store, const Order& order);
/// One that replenishes at a time.
Result<os::FileLock> warm_lock(const Store& store);

/// Has a process of its own replenish, and does not wait for it.
void replenish(const Order& order);

}  // namespace paddock::run
