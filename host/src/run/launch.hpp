// One launch, in the order of DESIGN section 4. [main thread]
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "os/lock.hpp"
#include "os/unique_fd.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "plan/planner.hpp"
#include "profile/profile.hpp"
#include "proof/gate_channel.hpp"
#include "proof/ledger.hpp"
#include "run/digests.hpp"
#include "run/order.hpp"
#include "run/papers.hpp"
#include "run/signals.hpp"
#include "run/state.hpp"
#include "run/streams.hpp"
#include "run/timings.hpp"

namespace paddock::run {

/// One entry of [[hooks]], loaded: it is called in its own phase only.
struct Hook {
  contract::HookPhase phase;
  PluginRef ref;
  std::unique_ptr<plugin::Instance> plugin;
};

/// A launch on its way: what each step left for the next.
struct Session {
  Session(Order order_, Store store_) : order(std::move(order_)), store(std::move(store_)) {}

  Order order;
  Store store;
  image::Watch watch = [](const auto&) {};  ///< of an image's coming
  /// Told once that so many other launches are at work on the backend, and this one waits.
  std::function<void(unsigned)> waits = [](unsigned) {};
  Timings timings;
  const SignalWatch* signals = nullptr;  ///< set by launch()
  std::optional<plugin::Registry> registry;
  profile::Profile profile;
  plan::Planned planned;
  std::vector<Hook> hooks;            ///< of both phases, in the profile's order
  std::optional<DigestTask> digests;  ///< under way from their step on
  std::optional<PaperTask> papers;    ///< under way while the sandbox comes up
  State state;                        ///< as on disk
  std::optional<os::FileLock> lock;   ///< set once the name is ours
  std::optional<os::FileLock> turn;   ///< while it comes up
  std::optional<Streams> streams;
  keep::Ends ends;                       ///< of the workload's streams, in the background
  std::unique_ptr<keep::Keeper> keeper;  ///< who has them then
  std::optional<proof::GateChannel> channel;
  os::UniqueFd pidfd;  ///< of the gate
  proof::Ledger ledger;
  std::vector<Error> hook_failures;  ///< of those after the stop
  bool came_up = false;              ///< create was called: there may be something to remove
  bool ran = false;                  ///< the workload's first instruction
  bool restarts = false;             ///< it has ended, and is to be launched again
  std::optional<State> earlier;      ///< as it ended before it was launched again

  const contract::Plan& plan() const { return planned.draft.plan; }
  std::filesystem::path runtime_dir() const { return store.directory(state.name) / "run"; }
};

/// Steps 1 to 7: the profile and its plan. Changes nothing.
Result<void> make_plan(Session& session);

/// What a finished launch tells.
struct Outcome {
  int exit_code = 0;
  bool oom_killed = false;
  std::optional<Error> clean_up;  ///< the workload ended as told, but something was left
  std::vector<Error> hooks;       ///< what failed after the stop
};

/// What a launch tells on its way.
struct Announce {
  std::function<void(const Session&)> proved;   ///< before the workload's first instruction
  std::function<void(const Session&)> running;  ///< after it; may be empty
};

/// Steps 1 to 15. An error means that the workload never ran and that nothing is left.
Result<Outcome> launch(Session& session, SignalWatch& signals, const Announce& announce);

}  // namespace paddock::run
