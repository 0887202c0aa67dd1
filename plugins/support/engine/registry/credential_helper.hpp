// Programs that keep credentials for registries, in a keyring or a service:
// https://github.com/docker/docker-credential-helpers. [one thread]
#pragma once

#include <optional>
#include <string>

#include "paddock/contract/result.hpp"
#include "support/engine/registry/credentials.hpp"

namespace paddock::engine {

struct HelperRequest {
  std::string name;    ///< the program is "docker-credential-NAME"
  std::string server;  ///< what it calls the registry
  std::string source;  ///< the file that names it
};

/// Runs the helper of PATH, with the registry on its standard input and the user's environment.
/// Nothing where it has none. Errors: kImage, of which none shows what it wrote;
/// kInterrupted.
Result<std::optional<Credentials>> ask_helper(const HelperRequest& request, const Search& search);

}  // namespace paddock::engine
