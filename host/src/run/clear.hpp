// The end of a sandbox, in the reverse order of its coming up: hardeners release, the backend
// removes, hooks are told. Every step is idempotent, and no failure keeps the next from being
// tried. [main thread]
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "plugin/instance.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// Finds a plugin as the launch used it: still there in its own process, loaded anew in another.
/// The instance lives until the next call at least.
using FindPlugin = std::function<Result<plugin::Instance*>(const PluginRef&)>;

/// What could not be done.
struct Leftovers {
  std::vector<Error> unreleased;   ///< one for each hardener that stays in State::attached
  std::optional<Error> unremoved;  ///< the backend's: the sandbox itself may still be there
  std::vector<Error> hooks;        ///< no reason to keep the journal
};

/// The last step alone, for a launch that never came to a sandbox.
std::vector<Error> tell_hooks(State& state, const contract::Plan& plan, const FindPlugin& find);

/// All three. `state.attached` and `state.hooks` lose what was done; hooks wait until the sandbox
/// is gone. `plan` tells plugins what they acted on.
Leftovers clear(const std::filesystem::path& runtime_dir,
                State& state,
                const contract::Plan& plan,
                const FindPlugin& find);

/// What is left as one error, hooks apart, and in `state` for the journal; absent for nothing.
std::optional<Error> unfinished(const Leftovers& left, State& state);

}  // namespace paddock::run
