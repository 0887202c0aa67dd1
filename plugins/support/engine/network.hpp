// A network of the sandbox's own: made before its container, removed behind it.
#pragma once

#include <string>
#include <vector>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "support/engine/engine.hpp"
#include "support/engine/request.hpp"

namespace paddock::engine {

/// Whether the sandbox has a network at all. One that nothing may leave leads nowhere, and an
/// engine's own always leads somewhere: to its gateway, to a resolver that asks on, by a link that
/// needs no route. So the sandbox has none then but loopback.
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

/// What an engine said when it could not start the container, or that a port was taken.
Failure explain_start(const contract::Plan& plan, Error error);

}  // namespace paddock::engine
