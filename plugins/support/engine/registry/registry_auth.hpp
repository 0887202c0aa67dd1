// What an engine is told for registries, and what it means when they refuse it. [one thread]
#pragma once

#include <string>
#include <vector>

#include "paddock/contract/result.hpp"
#include "support/engine/registry/credentials.hpp"

namespace paddock::engine {

/// One registry that is about to be asked.
struct Asked {
  std::string registry;
  std::string source;  ///< where its credentials are from; empty: there are none
};

struct RegistryAuth {
  std::string header = {};  ///< a line of HTTP; empty: nothing is known. Never for messages.
  std::vector<Asked> asked = {};
};

/// To pull from `repository`. Errors: as find_credentials().
Result<RegistryAuth> auth_for_pull(const std::string& repository, const Search& search);

/// To build with images of these repositories: no other registry's credentials are handed over.
Result<RegistryAuth> auth_for_build(const std::vector<std::string>& repositories,
                                    const Search& search);

/// `error` of an engine, or kImage where it is a registry that refused: which, and what to
/// do.
Error explain_refusal(Error error, const std::vector<Asked>& asked);

}  // namespace paddock::engine
