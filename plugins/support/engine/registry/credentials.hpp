// What a user stored for registries with `docker login` or `podman login`: containers-auth.json(5),
// https://docs.docker.com/reference/cli/docker/login/. Read when an engine is about to ask a
// registry, and kept nowhere. [one thread]
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::engine {

struct Credentials {
  std::string username;
  std::string password;
  std::string identity_token;  ///< in the place of both
  std::string source;          ///< for messages: the file that has them, or names their helper
};

struct Search {
  std::function<bool()> cancelled = {};               ///< asked several times a second
  std::function<void(const std::string&)> warn = {};  ///< one line for the user
  std::chrono::milliseconds patience{60000};          ///< with a helper, who may ask the user
};

/// The files of this user, as its programs go by them; those that are not there too.
/// REGISTRY_AUTH_FILE stands alone.
std::vector<std::string> credential_files();

/// For `repository`, a name with the registry's host in front: those of the first file that has
/// some, or nothing. Errors: kImage for a file that cannot
/// be read or makes no sense, and for a helper that fails; kInterrupted.
Result<std::optional<Credentials>> find_credentials(const std::string& repository,
                                                    const Search& search);

/// "registry.example:5000" of "registry.example:5000/team/image".
std::string registry_of(const std::string& repository);

/// What both programs and engines call Docker Hub's registry where they speak of credentials.
inline constexpr const char* kHub = "docker.io";
inline constexpr const char* kHubAddress = "https://index.docker.io/v1/";

}  // namespace paddock::engine
