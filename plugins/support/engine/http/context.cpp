// Contexts of Docker and connections of Podman: files that their programs write.
// https://docs.docker.com/engine/manage-resources/contexts/
#include <openssl/sha.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "support/engine/http/address.hpp"
#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

using Json = nlohmann::json;
using Found = Result<std::optional<Address>>;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string docker_directory() {
  const std::string named = variable("DOCKER_CONFIG");
  return named.empty() ? variable("HOME") + "/.docker" : named;
}

Found found(Result<Address> address) {
  return address ? Found(std::move(*address)) : Found(Failure(std::move(address).error()));
}

/// An empty object for a file that is not there.
Result<Json> read_json(const std::string& path) {
  const auto text = support::read_small_file(path);
  Json json = Json::parse(text.value_or("{}"), nullptr, false);
  return json.is_object()
             ? Result<Json>(std::move(json))
             : Result<Json>(fail(ErrorCode::kBackendMissing, "'" + path + "' is not a JSON object",
                                 "repair it, or name the engine in DOCKER_HOST"));
}

std::string text_at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  return json.contains(place) && json.at(place).is_string() ? json.at(place).get<std::string>()
                                                            : "";
}

/// What a context's directory is called.
std::string directory_name(const std::string& context) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(context.data()), context.size(), digest.data());
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

/// A context may have no certificate of the client's, where the server asks for none.
std::optional<Tls> tls_of(const std::string& directory) {
  Tls tls;
  for (const auto& [file, into] : {std::pair("/ca.pem", &Tls::ca),
                                   {"/cert.pem", &Tls::certificate},
                                   {"/key.pem", &Tls::key}}) {
    if (const std::string path = directory + file; ::access(path.c_str(), R_OK) == 0) {
      tls.*into = path;
    }
  }
  return tls.ca.empty() ? std::nullopt : std::optional(std::move(tls));
}

Found context_address(const std::string& name) {
  const std::string contexts = docker_directory() + "/contexts";
  const std::string file = contexts + "/meta/" + directory_name(name) + "/meta.json";
  const auto meta = read_json(file);
  if (!meta) {
    return fail_as(meta);
  }
  const std::string named_by = "the Docker context '" + name + "'";
  const std::string host = text_at(*meta, "/Endpoints/docker/Host");
  if (host.empty()) {
    return fail(ErrorCode::kBackendMissing, named_by + " is not in '" + contexts + "'",
                "`docker context ls` shows what there is; DOCKER_HOST goes before it");
  }
  const Json::json_pointer skip("/Endpoints/docker/SkipTLSVerify");
  if (meta->contains(skip) && meta->at(skip) == true) {
    return fail(ErrorCode::kBackendMissing,
                named_by + " does not verify who answers at '" + host + "'",
                "make it without skip-tls-verify");
  }
  return found(parse_endpoint(host, named_by,
                              tls_of(contexts + "/tls/" + directory_name(name) + "/docker")));
}

}  // namespace

Found docker_address() {
  if (const std::string host = variable("DOCKER_HOST"); !host.empty()) {
    std::optional<Tls> tls;
    if (host.starts_with("tcp://") && !variable("DOCKER_TLS_VERIFY").empty()) {
      const std::string named = variable("DOCKER_CERT_PATH");
      auto files = tls_files(named.empty() ? docker_directory() : named);
      if (!files) {
        return fail_as(files);
      }
      tls = std::move(*files);
    }
    return found(parse_endpoint(host, "DOCKER_HOST", tls));
  }
  std::string context = variable("DOCKER_CONTEXT");
  if (context.empty()) {
    const auto config = read_json(docker_directory() + "/config.json");
    if (!config) {
      return fail_as(config);
    }
    context = text_at(*config, "/currentContext");
  }
  return context.empty() || context == "default" ? Found(std::nullopt) : context_address(context);
}

Found podman_address() {
  if (const std::string host = variable("CONTAINER_HOST"); !host.empty()) {
    return found(parse_endpoint(host, "CONTAINER_HOST", std::nullopt));
  }
  const std::string name = variable("CONTAINER_CONNECTION");
  if (name.empty()) {
    return std::optional<Address>();
  }
  const std::string config = variable("XDG_CONFIG_HOME");
  const std::string file = (config.empty() ? variable("HOME") + "/.config" : config) +
                           "/containers/podman-connections.json";
  const auto connections = read_json(file);
  if (!connections) {
    return fail_as(connections);
  }
  const Json list =
      connections->value(Json::json_pointer("/Connection/Connections"), Json::object());
  const std::string uri = list.contains(name) ? list[name].value("URI", "") : "";
  return uri.empty()
             ? fail(ErrorCode::kBackendMissing,
                    "CONTAINER_CONNECTION is '" + name + "', which is not in '" + file + "'",
                    "name a socket in CONTAINER_HOST")
             : found(parse_endpoint(uri, "the Podman connection '" + name + "'", std::nullopt));
}

}  // namespace paddock::engine
