// From a resolved profile to the final plan: base plan, hardeners' ops merged by rule, review,
// negotiation with a backend, the backend's word on every leaf. Pure but for the plugin calls.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "image/provide.hpp"
#include "paddock/contract/leaves.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"
#include "plugin/instance.hpp"
#include "profile/profile.hpp"

namespace paddock::plan {

/// Who set a leaf, and where. A narrowed leaf keeps the overridden ones, last first.
struct Origin {
  std::string owner;  ///< "profile", a plugin id, or "paddock" for a built-in
  SourcePos where;    ///< empty for built-ins
  std::string layer;  ///< profile layer
  std::string reason;
  std::string value;  ///< compact JSON
};

/// A hook that the profile calls, on this machine and outside the sandbox.
struct HookCall {
  std::string id;
  std::string phase;
  std::string options;  ///< compact JSON of its entry, without id and phase
  Origin origin;
};

/// A plan with its history.
struct Draft {
  contract::Plan plan;
  std::map<std::string, std::vector<Origin>> origins;  ///< by leaf pointer; front is the winner
  std::map<std::string, Origin> demands;  ///< protections that a hardener's `require` named
  std::vector<std::string> required;      ///< protections that must hold, sorted
  std::vector<std::string>
      dropped;  ///< non-critical ops that this backend cannot do, one line each
  std::map<std::string, std::string> unenforced;  ///< best-effort protections that nothing enforces
                                                  ///< here, by name: why. Not in `required`.
  std::vector<std::string> notices;               ///< what the user should be told
  std::vector<std::string> asides;                ///< the same of what shipped profiles ask for
  std::vector<std::string> widenings;  ///< of the profile: who loosened what, one line each
  std::vector<HookCall> hooks;         ///< in the order of the profile
  std::optional<image::Order> image;   ///< where the plan's image comes from
};

/// What the launch adds to the profile.
struct LaunchFacts {
  std::string name;
  std::vector<std::string> command;
  bool terminal = false;
  std::string term;                 ///< $TERM of the caller, for terminal sandboxes
  std::filesystem::path host_home;  ///< hidden inside
  std::uint64_t host_memory_bytes = 0;
  std::uint32_t host_cpus_milli = 0;
  std::uint64_t host_files = 0;  ///< hard limit of open files; 0: unlimited
  std::uint32_t uid = 0;         ///< the caller's
  std::uint32_t gid = 0;
};
LaunchFacts current_facts();

/// Step 4: from the profile alone.
Result<Draft> base_plan(const profile::Profile& profile, const LaunchFacts& facts);

/// One hardener's ops with the place of its table in the profile.
struct Wishes {
  std::string plugin;
  SourcePos where;
  std::vector<contract::Op> ops;
  std::map<std::string, SourcePos> options = {};  ///< by key: where the profile set it
};

/// Step 5: any order of `wishes` gives the same draft or the same error. `resolve` is the
/// profile's [resolve] table: leaf pointer to the plugin that wins.
Result<Draft> merge(Draft base,
                    std::vector<Wishes> wishes,
                    const std::map<std::string, std::string>& resolve);

/// Step 7, gate 1: every required protection must be supported. A resource that the profile lists
/// in `resources.best_effort` moves from `required` to `unenforced` instead.
Result<void> negotiate(Draft& draft, const std::string& backend, const contract::ProbeReply& probe);

/// A backend's word on each leaf, by pointer.
using Answers = std::map<std::string, contract::Answer>;
/// One for every leaf of `plan`: where the backend is silent or names no mechanism, a no.
Answers leaf_answers(const contract::Plan& plan, const contract::PrepareReply& reply);

/// Step 9, gate 2: an answer for every leaf; a missing one counts as not enforced. Best-effort
/// resources as in negotiate.
Result<void> check_answers(Draft& draft,
                           const std::string& backend,
                           const contract::PrepareReply& reply);

/// The config message of a backend's or hardener's table in the profile, defaults filled in.
std::string config_json(const profile::Profile& profile, const plugin::Manifest& manifest);
/// The same of a table that the caller has found, as an entry of [[hooks]]; null: defaults only.
std::string config_json(const Node* table, const plugin::Manifest& manifest);

/// sha256 of the plan's canonical JSON.
std::string digest(const contract::Plan& plan);

/// One line of `paddock plan --diff`.
struct Difference {
  enum class Power : std::uint8_t { kGained, kLost, kChanged };
  Power power;
  std::string pointer;
  std::string before, after;  ///< compact JSON; empty when absent
  std::string meaning;
};
std::vector<Difference> diff(const contract::Plan& before, const contract::Plan& after);
/// The same of their hooks: each acts with the user's rights.
std::vector<Difference> diff_hooks(const std::vector<HookCall>& before,
                                   const std::vector<HookCall>& after);

}  // namespace paddock::plan
