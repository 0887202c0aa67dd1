// The one adapter to Boost.DLL. [one thread]
#pragma once

#include <string>

#include "paddock/contract/result.hpp"
#include "paddock/plugin.h"

namespace paddock::plugin {

/// Loads the library that is open as `fd`, for good: it is never unloaded, and the descriptor
/// must stay open for the life of the process, as glibc knows a library by its path string and
/// "/proc/self/fd/N" would otherwise name another one some day. Runs constructors and
/// paddock_plugin_v1(), so every check on the file comes before. Errors: kPluginLoad.
Result<const paddock_plugin*> load_library(int fd, const std::string& id);

}  // namespace paddock::plugin
