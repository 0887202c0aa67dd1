// What the hardeners of a profile say: their demands, ops and vetoes. [one thread]
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plan/planner.hpp"

namespace paddock::plan {

using Instances = std::vector<std::unique_ptr<plugin::Instance>>;

/// Loads the hardeners that the profile names, each with its own table.
Result<Instances> load_hardeners(const profile::Profile& profile, const plugin::Registry& registry);

/// `require` of each, into Draft::demands.
Result<void> ask_demands(const profile::Profile& profile, const Instances& hardeners, Draft& draft);

/// `adjust` of each, with the same plan.
Result<std::vector<Wishes>> ask_wishes(const profile::Profile& profile,
                                       const Instances& hardeners,
                                       const contract::Plan& base);

/// `review` of each; an error is a veto.
Result<void> ask_review(const profile::Profile& profile,
                        const Instances& hardeners,
                        const contract::Plan& merged);

/// Where the profile names the hardener; line 0 when it does not say.
SourcePos place_of(const profile::Profile& profile, const std::string& hardener);

/// The profile's [resolve] table.
std::map<std::string, std::string> resolve_table(const profile::Profile& profile);

}  // namespace paddock::plan
