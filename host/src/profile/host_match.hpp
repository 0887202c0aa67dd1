// [host."<pattern>"]: which machine an override is for. Pure.
#pragma once

#include <string>
#include <string_view>

#include "profile/profile.hpp"

namespace paddock::profile {

/// "os:linux", "arch:x86_64", or a host name with '*' and '?'.
bool is_host_pattern(std::string_view pattern);

/// Whether this machine is meant.
bool matches_host(std::string_view pattern, const Context& context);

/// Order of application among the overrides of one file: os, arch, patterns, exact host name; the
/// more specific wins.
int host_pattern_rank(std::string_view pattern);

}  // namespace paddock::profile
