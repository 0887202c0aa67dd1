// Where an engine is reached, by the variables and files that its own program goes by.
#pragma once

#include <optional>
#include <string>

#include "paddock/contract/result.hpp"
#include "support/engine/http/http.hpp"

namespace paddock::engine {

/// The address that `endpoint` names: "unix:///path", or "tcp://host:port" with `tls`. `named_by`
/// is what the user wrote it in, for messages. Errors: kBackendMissing for any other, and for TCP
/// without TLS: whoever answers there would be believed.
Result<Address> parse_endpoint(const std::string& endpoint,
                               const std::string& named_by,
                               const std::optional<Tls>& tls);

/// ca.pem, cert.pem and key.pem of `directory`. Errors: kBackendMissing for one that cannot be
/// read.
Result<Tls> tls_files(const std::string& directory);

/// As the program `docker` has it: DOCKER_HOST with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, else
/// the context that DOCKER_CONTEXT or config.json (in DOCKER_CONFIG or ~/.docker) names, else
/// nothing. Errors: kBackendMissing.
Result<std::optional<Address>> docker_address();

/// CONTAINER_HOST, else the connection of podman-connections.json that CONTAINER_CONNECTION names,
/// else nothing. Errors: kBackendMissing.
Result<std::optional<Address>> podman_address();

}  // namespace paddock::engine
