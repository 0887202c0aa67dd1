// Capabilities by name, and giving all but some up. capabilities(7). Only system calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace paddock::bubblewrap {

/// Bit set of "CAP_NET_RAW" and the like; nullopt for a name that is none.
std::optional<std::uint64_t> capability_set(const std::vector<std::string>& names);

/// no_new_privs, and `kept` in all five sets, nothing else. Needs CAP_SETPCAP in this namespace.
bool keep_only(std::uint64_t kept);

}  // namespace paddock::bubblewrap
