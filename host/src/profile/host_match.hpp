// [host."<pattern>"]: which machine an override is for. Pure.
#pragma once

#include <string>
#include <string_view>

#include "profile/profile.hpp"

namespace paddock::profile {

/// "os:linux", "arch:x86_64", or a host name with '*' and '?'.
bool is_host_pattern(std::string_view pattern);

/// Whether this machine is meant. Host names compare without case.
bool matches_host(std::string_view pattern, const Context& context);

/// Order of application among the overrides of one file: os, arch, host names; in each the pattern
/// that spells out more of the name comes later, and so wins; one without '*' and '?' wins over
/// all.
int host_pattern_rank(std::string_view pattern);

}  // namespace paddock::profile
