// https://docs.docker.com/reference/api/engine/#section/Authentication
#include "support/engine/registry/registry_auth.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "support/engine/registry/base64.hpp"
#include "support/engine/registry/credential_file.hpp"

namespace paddock::engine {
namespace {

using Json = nlohmann::json;

// Of Docker's and Podman's words for status 401, and for 403 and 404 of registries that do not tell
// strangers what they have.
constexpr std::array kRefusals = {"unauthorized", "no basic auth credentials",
                                  "authentication required", "denied: ", "access denied"};
// A command of a build failed, whatever it wrote.
constexpr std::array kOfCommands = {"returned a non-zero code", "exit status "};

std::string address_of(const std::string& registry) {
  return registry == kHub ? kHubAddress : registry;
}

Json auth_config(const std::string& registry, const Credentials& credentials) {
  Json config = {{"serveraddress", address_of(registry)}};
  if (credentials.identity_token.empty()) {
    config["username"] = credentials.username;
    config["password"] = credentials.password;
  } else {
    config["identitytoken"] = credentials.identity_token;
  }
  return config;
}

/// A password that is no UTF-8 cannot be told, and is refused then.
std::string header(const char* name, const Json& json) {
  return std::string(name) + ": " +
         to_base64url(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

template <std::size_t N>
bool has_any(const std::string& text, const std::array<const char*, N>& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const char* part) { return text.find(part) != std::string::npos; });
}

bool is_refusal(const Error& error) {
  return error.code == ErrorCode::kBackendRefused && has_any(error.what, kRefusals) &&
         !has_any(error.what, kOfCommands);
}

std::string refusal_of_one(const Asked& asked) {
  const std::string who = "registry '" + asked.registry + "' refuses ";
  return asked.source.empty() ? who + "who has no credentials, and none are stored for it"
                              : who + "the credentials that '" + asked.source + "' has for it";
}

std::string refusal_of_several(const std::vector<Asked>& asked) {
  std::string names;
  for (const Asked& one : asked) {
    names += (names.empty() ? "'" : ", '") + one.registry + "'" +
             (one.source.empty() ? " (no credentials)" : "");
  }
  return "one of the registries refuses what is stored for it: " + names;
}

}  // namespace

Result<RegistryAuth> auth_for_pull(const std::string& repository, const Search& search) {
  const std::string registry = registry_of(repository);
  const auto found = find_credentials(repository, search);
  if (!found) {
    return fail_as(found);
  }
  RegistryAuth auth{"", {{registry, *found ? (*found)->source : ""}}};
  if (*found) {
    auth.header = header("X-Registry-Auth", auth_config(registry, **found));
  }
  return auth;
}

Result<RegistryAuth> auth_for_build(const std::vector<std::string>& repositories,
                                    const Search& search) {
  RegistryAuth auth;
  Json configs = Json::object();
  for (const std::string& repository : repositories) {
    const std::string registry = registry_of(repository);
    const auto is_same = [&](const Asked& one) { return one.registry == registry; };
    if (std::any_of(auth.asked.begin(), auth.asked.end(), is_same)) {
      continue;  // engines take one for each
    }
    const auto found = find_credentials(repository, search);
    if (!found) {
      return fail_as(found);
    }
    auth.asked.push_back({registry, *found ? (*found)->source : ""});
    if (*found) {
      configs[address_of(registry)] = auth_config(registry, **found);
    }
  }
  if (!configs.empty()) {
    auth.header = header("X-Registry-Config", configs);
  }
  return auth;
}

Error explain_refusal(Error error, const std::vector<Asked>& asked) {
  if (asked.empty() || !is_refusal(error)) {
    return error;
  }
  const bool one = asked.size() == 1;
  Error refusal =
      fail(ErrorCode::kImage, one ? refusal_of_one(asked.front()) : refusal_of_several(asked),
           log_in_hint(one ? asked.front().registry : "REGISTRY"))
          .value();
  refusal.context.push_back(std::move(error.what));
  return refusal;
}

}  // namespace paddock::engine
