// Names and times of launches.
#pragma once

#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// Whether `name` may be a sandbox's. Errors: kBadName.
Result<void> check_name(const std::string& name);

/// `text` as near to a name as can be: "Feature/A b" is "feature-a-b", at most 50 characters;
/// "sandbox" where nothing of it is left.
std::string as_name(std::string_view text);

/// `wanted` if it is a name and free to try, else one made from the profile's: "agent-3f9c"; for a
/// project's own profile from its folder's.
/// Errors: kBadName.
Result<std::string> choose_name(const std::string& wanted,
                                const std::string& profile,
                                const Store& store);

/// Of a sandbox that works on a branch: "agent-feature-a"; both parts are cut where they are long.
std::string branch_sandbox_name(const std::string& profile, const std::string& branch);

/// Now, as RFC 3339 in UTC with seconds.
std::string now_text();

}  // namespace paddock::run
