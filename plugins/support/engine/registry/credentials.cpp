#include "support/engine/registry/credentials.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "support/engine/registry/base64.hpp"
#include "support/engine/registry/credential_file.hpp"
#include "support/engine/registry/credential_helper.hpp"

namespace paddock::engine {
namespace {

using Json = nlohmann::json;
using Found = Result<std::optional<Credentials>>;

constexpr const char* kNamedFile = "REGISTRY_AUTH_FILE";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Nothing of an object that lacks it, or has something else there.
std::string text_of(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The registry that a key means: `docker login` wrote whole URLs once, and does so for the Hub.
std::string meaning_of(std::string key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) {
      key = registry_of(key.substr(scheme.size()));
    }
  }
  return key == "index.docker.io" || key == "registry-1.docker.io" ? kHub : key;
}

/// The member that means `registry`; end() for none.
Json::const_iterator find_registry(const Json& members, const std::string& registry) {
  const auto exact = members.find(registry);
  auto at = exact != members.end() ? exact : members.begin();
  while (at != members.end() && meaning_of(at.key()) != registry) {
    ++at;
  }
  return at;
}

/// The most particular entry: a namespace that the repository is in goes before its registry.
Json::const_iterator find_entry(const Json& auths, const std::string& repository) {
  std::string name = repository;
  for (std::size_t end = name.size(); end != std::string::npos; end = name.rfind('/')) {
    name.resize(end);
    if (const auto found = auths.find(name); found != auths.end()) {
      return found;
    }
  }
  return find_registry(auths, registry_of(repository));
}

/// "USER:PASSWORD" in base64, as both programs write it; or in words of their own, as people do.
Found read_entry(const Json& entry, const std::string& registry, const std::string& path) {
  Credentials credentials{text_of(entry, "username"), text_of(entry, "password"),
                          text_of(entry, "identitytoken"), path};
  if (const std::string both = text_of(entry, "auth"); !both.empty()) {
    const std::string text = from_base64(both).value_or("");
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || colon == 0) {
      return fail(ErrorCode::kImage,
                  "'" + path + "' holds no user and password for registry '" + registry + "'",
                  log_in_hint(registry));
    }
    credentials.username = text.substr(0, colon);
    credentials.password = text.substr(colon + 1);
  }
  const bool empty = credentials.username.empty() && credentials.identity_token.empty();
  return empty ? std::optional<Credentials>() : std::optional(std::move(credentials));
}

bool is_object_at(const Json& json, const char* key) {
  return !json.contains(key) || json.at(key).is_object();
}

/// An object, in which "auths" and "credHelpers" are objects where they are; an empty file is none.
Result<Json> parse(const std::string& text, const std::string& path) {
  Json json = Json::parse(text.empty() ? "{}" : text, nullptr, false);
  const bool sound =
      json.is_object() && is_object_at(json, "auths") && is_object_at(json, "credHelpers");
  return sound
             ? Result<Json>(std::move(json))
             : unreadable(path, "it is not the JSON that `docker login` and `podman login` write");
}

struct Helper {
  std::string name;    ///< empty: none
  std::string server;  ///< what it calls the registry
};

/// Who keeps what is stored for `registry`.
Helper helper_for(const Json& file, const std::string& registry) {
  const Json helpers = file.value("credHelpers", Json::object());
  if (const auto found = find_registry(helpers, registry); found != helpers.end()) {
    return {found->is_string() ? found->get<std::string>() : "", found.key()};
  }
  return {text_of(file, "credsStore"), registry == kHub ? kHubAddress : registry};
}

Found find_in(const std::string& path, const std::string& repository, const Search& search) {
  const auto file = CredentialFile::open(path);
  if (!file || !*file) {
    return file ? Found(std::nullopt) : fail_as(file);
  }
  const auto json = parse((*file)->text, path);
  if (!json) {
    return fail_as(json);
  }
  const std::string registry = registry_of(repository);
  if (const Helper helper = helper_for(*json, registry); !helper.name.empty()) {
    return ask_helper({helper.name, helper.server, path}, search);
  }
  const Json auths = json->value("auths", Json::object());
  const auto entry = find_entry(auths, repository);
  auto found = entry == auths.end() ? Found(std::nullopt) : read_entry(*entry, registry, path);
  if (found && *found && (*file)->is_readable_by_others && search.warn) {
    search.warn("others can read the passwords in '" + path + "': chmod 600 it");
  }
  return found;
}

void add_if(std::vector<std::string>& paths, const std::string& folder, const char* name) {
  if (!folder.empty()) {
    paths.push_back(folder + name);
  }
}

std::string otherwise(const std::string& first, const std::string& second) {
  return first.empty() ? second : first;
}

}  // namespace

std::string registry_of(const std::string& repository) {
  return repository.substr(0, repository.find('/'));
}

std::vector<std::string> credential_files() {
  if (const std::string named = variable(kNamedFile); !named.empty()) {
    return {named};
  }
  const std::string home = variable("HOME");
  const auto in_home = [&](const char* name) { return home.empty() ? "" : home + name; };
  std::vector<std::string> paths;
  const std::string own = "/run/containers/" + std::to_string(::geteuid());
  const std::string run = variable("XDG_RUNTIME_DIR");
  paths.push_back((run.empty() ? own : run + "/containers") + "/auth.json");
  add_if(paths, otherwise(variable("XDG_CONFIG_HOME"), in_home("/.config")),
         "/containers/auth.json");
  add_if(paths, otherwise(variable("DOCKER_CONFIG"), in_home("/.docker")), "/config.json");
  return paths;
}

Found find_credentials(const std::string& repository, const Search& search) {
  const std::vector<std::string> paths = credential_files();
  if (!variable(kNamedFile).empty() && ::access(paths[0].c_str(), F_OK) != 0) {
    return fail(ErrorCode::kImage,
                std::string(kNamedFile) + " is '" + paths[0] + "', which is not there",
                "`podman login` makes it; without the variable others are read");
  }
  for (const std::string& path : paths) {
    auto found = find_in(path, repository, search);
    if (!found || *found) {
      return found;
    }
  }
  return std::optional<Credentials>{};
}

}  // namespace paddock::engine
