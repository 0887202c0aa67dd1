// The struct that a plugin exports, checked before it is believed. [any thread]
#pragma once

#include <string>

#include "paddock/contract/result.hpp"
#include "paddock/plugin.h"

namespace paddock::plugin {

/// A copy of the checked struct. `size` is read first, then `magic`, then the rest. The embedded
/// manifest must be `manifest`, byte for byte. Errors: kPluginAbi, kPluginTrust.
Result<paddock_plugin> check_table(const paddock_plugin* table,
                                   const std::string& id,
                                   const std::string& manifest);

}  // namespace paddock::plugin
