// Finding programs, and what is known of bwrap without running it. [any thread]
#pragma once

#include <optional>
#include <string>

#include "paddock/contract/result.hpp"

namespace paddock::bubblewrap {

/// The first executable file of that name in the system's directories, whatever PATH says.
std::optional<std::string> find_program(const std::string& name);

/// The path of bwrap. Errors: kBackendMissing (not installed), kBackendRefused (installed setuid
/// or with file capabilities).
Result<std::string> find_bwrap();

/// "0.8.0", read out of the program's file. Errors: kBackendMissing for a version that is too old
/// or not told.
Result<std::string> bwrap_version(const std::string& path);

}  // namespace paddock::bubblewrap
