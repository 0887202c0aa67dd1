// Which protections a draft needs, and because of what.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace paddock::plan {

/// Protections that the leaves ask for, those that always hold, and the hardeners' demands,
/// without the unenforced ones; sorted.
std::vector<std::string> required_protections(const Draft& draft);

/// The protection that one leaf of this value asks for; empty: none.
std::string leaf_protection(const contract::Leaf& leaf, const contract::Plan& plan);

/// Of each protection the pointers of the leaves that ask for it, in the plan's order.
using AskingLeaves = std::map<std::string, std::vector<std::string>, std::less<>>;
AskingLeaves asking_leaves(const Draft& draft);
/// Those of one.
std::vector<std::string> asking_leaves(const Draft& draft, std::string_view protection);

/// The name in resources.best_effort that covers `protection`; empty: none can.
std::string_view best_effort_name(std::string_view protection);

/// Whether the profile lets `protection` go unenforced.
bool is_best_effort(const Draft& draft, std::string_view protection);

}  // namespace paddock::plan
