// Names and times of launches.
#pragma once

#include <string>

#include "base/time_text.hpp"
#include "paddock/contract/result.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// Whether `name` may be a sandbox's. Errors: kBadName.
Result<void> check_name(const std::string& name);

/// `wanted` if it is a name and free to try, else one made from the profile's: "agent-3f9c".
/// Errors: kBadName.
Result<std::string> choose_name(const std::string& wanted,
                                const std::string& profile,
                                const Store& store);

using paddock::now_text;

}  // namespace paddock::run
