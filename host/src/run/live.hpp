// The time while a workload runs: its end, signals, its streams. [main thread]
#pragma once

#include "keep/traffic.hpp"
#include "os/unique_fd.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "plugin/instance.hpp"
#include "run/signals.hpp"
#include "run/streams.hpp"

namespace paddock::run {

/// The process that is attended: the gate, which forwards signals and whose end is the end.
struct Attended {
  int pidfd = -1;  ///< opened while it waited, so that it cannot be another; -1: not our kernel's
  contract::InspectRequest inspect;  ///< how the backend tells its exit status
};

/// Serves `traffic` until it ended; what the backend says of the end. Errors: kSystem, the
/// backend's own.
Result<contract::InspectReply> attend(const Attended& attended,
                                      plugin::Instance& backend,
                                      SignalWatch& signals,
                                      keep::Traffic& traffic);

/// The same for streams of our own: our terminal is raw meanwhile, if there is one for the work.
Result<contract::InspectReply> attend(const Attended& attended,
                                      plugin::Instance& backend,
                                      SignalWatch& signals,
                                      Streams& streams);

}  // namespace paddock::run
