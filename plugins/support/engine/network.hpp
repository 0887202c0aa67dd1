// A network of the sandbox's own: made before its container, removed behind it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "support/engine/engine.hpp"
#include "support/engine/request.hpp"

namespace paddock::engine {

/// Whether the sandbox has a network at all.
bool has_network(const contract::Plan& plan);

/// "80/tcp", as engines name a port of a container.
std::string port_text(const contract::PublishedPort& port);

/// The body of POST /networks/create.
std::string network_config(const ContainerRequest& request);

/// Whether the engine's network is as it was asked for, and nobody is on it but `container`, or
/// nobody where that is empty. Errors: kBackendRefused.
Result<void> check_network(Engine& engine,
                           const ContainerRequest& request,
                           const std::string& container);

/// Whether the running container (GET /containers/ID/json) has the plan's ports, and no others.
/// Errors: kBackendRefused.
Result<void> check_published(const contract::Plan& plan, const std::string& inspected);

/// What the two checks saw, once both have passed.
std::vector<contract::Finding> network_findings(const ContainerRequest& request);

/// Takes every link but loopback of the process's network namespace down, and the way to an
/// engine's resolver, which asks for whoever asks it from a namespace of its own. A route that is
/// missing would not do: a socket that is bound to a device needs none (route lookup in the kernel
/// takes any address for one on the link then).
Result<void> close_network(pid_t pid);

/// What an engine said when it could not start the container, or that a port was taken.
Failure explain_start(const contract::Plan& plan, Error error);

}  // namespace paddock::engine
