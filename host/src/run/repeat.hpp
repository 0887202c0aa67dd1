// A launch in the background that is repeated as its profile's restart policy says. [main thread]
#pragma once

#include <memory>

#include "run/launch.hpp"

namespace paddock::run {

/// Launches, and again after each end that the policy does not accept, each time from the profile
/// as it is then. The pauses between grow from 0.1 s to a minute while runs are short. `session` is
/// the last launch. As launch(); an error of a repetition comes with the record of the last end.
Result<Outcome> launch_repeatedly(std::unique_ptr<Session>& session,
                                  SignalWatch& signals,
                                  Announce announce);

}  // namespace paddock::run
