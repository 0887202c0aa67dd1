// The container in Podman's own words (libpod's SpecGenerator, API 4.0): what its copy of Docker's
// API drops silently. https://docs.podman.io/en/latest/_static/api.html
#pragma once

#include <string>

#include "paddock/contract/result.hpp"
#include "support/engine/request.hpp"

namespace paddock::podman {

/// Version of the API and path of the request.
inline constexpr const char* kCreatePath = "/v4.0.0/libpod/containers/create";

/// The same, but for the name.
inline constexpr std::string_view kImportPath = "/v4.0.0/libpod/images/import?reference=";
inline constexpr const char* kNetworkPath = "/v4.0.0/libpod/networks/create";

/// The body of that one.
std::string network_spec(const engine::ContainerRequest& request);

/// The request's body. `seccomp` is the path of a filter's JSON.
std::string container_spec(const engine::ContainerRequest& request, const std::string& seccomp);

/// The filter that Podman applies by itself, less what makes user namespaces: written to `path`.
/// Errors: kBackendMissing where Podman's is not found, kSystem.
Result<void> write_filter(const std::string& path);

}  // namespace paddock::podman
