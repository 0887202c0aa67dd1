// Finding programs, and what is known of bwrap without running it. [any thread]
#pragma once

#include <optional>
#include <string>

#include "paddock/contract/result.hpp"

namespace paddock::bubblewrap {

/// The first executable file of that name in PATH (absolute entries only).
std::optional<std::string> find_program(const std::string& name);

struct Bwrap {
  std::string path;
  std::string version;  ///< "0.8.0"; empty when the file does not tell
};

/// Errors: kBackendMissing (not installed, too old), kBackendRefused (installed setuid).
Result<Bwrap> find_bwrap();

}  // namespace paddock::bubblewrap
