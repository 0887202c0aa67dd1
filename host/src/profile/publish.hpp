// One entry of `publish` in [network]: "[ADDRESS:]HOST_PORT:PORT[/PROTOCOL]". Pure.
#pragma once

#include <string>
#include <string_view>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::profile {

/// "127.0.0.1:8080:80", "8080:80/udp", "[::1]:8080:80"; without an address 127.0.0.1. Errors:
/// kBadValue, which say what is wrong with it.
Result<contract::PublishedPort> parse_publish(std::string_view text);

/// Its key in the plan, "127.0.0.1:8080/tcp": what no two may share.
std::string publish_key(const contract::PublishedPort& port);

/// Whether only this machine can reach it.
bool is_loopback(const contract::PublishedPort& port);

}  // namespace paddock::profile
