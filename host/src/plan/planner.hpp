// Steps 4 to 7 of a launch in one go (DESIGN section 4): base plan, the hardeners' ops, review,
// and the first backend that can enforce all of it here. Changes nothing on the machine.
// [one thread; plugin calls are serial]
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "plan/plan.hpp"
#include "plugin/instance.hpp"
#include "plugin/registry.hpp"
#include "profile/profile.hpp"

namespace paddock::plan {

/// What decides between backends, strongest first; a profile's `backend.prefer` comes between.
struct BackendChoice {
  std::string only;                    ///< --backend: this one or none
  std::vector<std::string> preferred;  ///< most wanted first; empty: as host.toml says
};

/// Why a backend was not taken.
struct Rejected {
  std::string backend;
  Error error;
  contract::ProbeReply probe = {};  ///< its word, where it gave one
};

/// A finished plan with the plugins that made it, alive for the later steps.
struct Planned {
  Draft draft;
  std::shared_ptr<class EarlyProbe> early;  ///< whose thread the backend was begun on, or null
  std::vector<std::unique_ptr<plugin::Instance>> hardeners;  ///< in the order of the profile's ids
  std::unique_ptr<plugin::Instance> backend;  ///< null: none can enforce the plan here
  contract::ProbeReply probe;                 ///< the backend's word; empty without one
  std::vector<Rejected> rejected;             ///< backends tried before it
  contract::PrepareReply prepared;            ///< the backend's answers, once rehearsed
  std::optional<Error> refusal;  ///< why there can be no launch: kNoBackend when `backend` is
                                 ///< null, else what the rehearsal came upon
};

/// Steps 4 to 7. A plan that no backend can enforce is an error here (Planned::refusal).
Result<Planned> make_plan(const profile::Profile& profile,
                          const LaunchFacts& facts,
                          const plugin::Registry& registry,
                          const BackendChoice& choice);

/// Step 9 without a sandbox: fills in `prepared`, and `refusal` where a launch would be refused.
/// There must be a backend. Changes nothing, by the backend's contract (BCK-03).
void rehearse(Planned& planned);

/// Steps 4 to 7 and a rehearsal, for `paddock plan`: what no backend, or the chosen one, cannot
/// enforce is left in Planned::refusal.
Result<Planned> explain_plan(const profile::Profile& profile,
                             const LaunchFacts& facts,
                             const plugin::Registry& registry,
                             const BackendChoice& choice);

/// One backend's word about this machine; `profile` may be null (option defaults are used).
/// Errors: those of loading, and the plugin's own.
struct Probed {
  std::unique_ptr<plugin::Instance> backend;
  contract::ProbeReply probe;
};
Result<Probed> probe_backend(const plugin::Registry& registry,
                             const plugin::Manifest& manifest,
                             const profile::Profile* profile,
                             const contract::ProbeRequest& request);

}  // namespace paddock::plan
