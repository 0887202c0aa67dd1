#include "support/engine/network.hpp"

#include <set>

#include <nlohmann/json.hpp>

#include "paddock/contract/enum_names.hpp"

namespace paddock::engine {
namespace {

using Json = nlohmann::json;
using contract::Egress;

Failure otherwise(const std::string& what) {
  return fail(ErrorCode::kBackendRefused,
              "the engine made the network otherwise than asked: " + what,
              "an engine too old for the field drops it; upgrade the engine");
}

/// "127.0.0.1:8080", as engines name it in their messages.
std::string socket_text(const contract::PublishedPort& port) {
  const bool v6 = port.address.find(':') != std::string::npos;
  return (v6 ? "[" + port.address + "]" : port.address) + ":" + std::to_string(port.host_port);
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// "127.0.0.1 8080 80/tcp"
std::string leads(const std::string& address, const std::string& host_port, const std::string& to) {
  return address + " " + host_port + " " + to;
}

/// NetworkSettings.Ports: {"80/tcp": [{"HostIp": ..., "HostPort": ...}]}, null for a port that is
/// only exposed.
std::set<std::string> published(const Json& inspected) {
  std::set<std::string> found;
  const Json none = Json::object();
  const Json settings = inspected.is_object() ? inspected.value("NetworkSettings", none) : none;
  const Json ports = settings.is_object() ? settings.value("Ports", none) : none;
  for (const auto& [port, bindings] : ports.items()) {
    for (const Json& binding : bindings.is_array() ? bindings : Json::array()) {
      found.insert(leads(binding.value("HostIp", "?"), binding.value("HostPort", "?"), port));
    }
  }
  return found;
}

}  // namespace

std::string port_text(const contract::PublishedPort& port) {
  return std::to_string(port.port) + "/" + std::string(contract::enum_name(port.protocol));
}

bool has_network(const contract::Plan& plan) {
  return plan.network.mode == contract::NetworkMode::kIsolated &&
         plan.network.egress != Egress::kNone;
}

std::string network_config(const ContainerRequest& request) {
  return Json{{"Name", request.name},     {"CheckDuplicate", true}, {"Driver", "bridge"},
              {"Internal", false},        {"EnableIPv6", false},    {"Attachable", false},
              {"Labels", labels(request)}}
      .dump();
}

Result<void> check_network(Engine& engine,
                           const ContainerRequest& request,
                           const std::string& container) {
  const auto found = engine.inspect_network(request.name);
  if (!found || !*found) {
    return found ? otherwise("it is gone at once") : fail_as(found);
  }
  const Network& network = **found;
  if (network.driver != "bridge") {
    return otherwise("Driver");
  }
  if (network.internal) {
    return otherwise("Internal");
  }
  if (network.labels != labels(request)) {
    return otherwise("Labels");
  }
  for (const std::string& member : network.containers) {
    if (member != container) {
      return fail(ErrorCode::kBackendRefused,
                  "container '" + member + "' is on the sandbox's own network",
                  "nobody else may join the network '" + request.name + "'");
    }
  }
  return {};
}

Result<void> check_published(const contract::Plan& plan, const std::string& inspected) {
  std::set<std::string> wanted;
  for (const auto& [key, port] : plan.network.publish) {
    wanted.insert(leads(port.address, std::to_string(port.host_port), port_text(port)));
  }
  const Json json = Json::parse(inspected, nullptr, false);
  const std::set<std::string> found = published(json);
  if (found == wanted) {
    return {};
  }
  std::string text;
  for (const std::string& one : found) {
    text += (text.empty() ? "" : ", ") + one;
  }
  return fail(ErrorCode::kBackendRefused, "the engine publishes other ports than asked: " +
                                              (text.empty() ? std::string("none") : text));
}

std::vector<contract::Finding> network_findings(const ContainerRequest& request) {
  const auto seen = [](const char* protection, std::string text) {
    return contract::Finding{protection, true, contract::Evidence::kReported, std::move(text)};
  };
  std::vector<contract::Finding> findings = {
      seen("network.isolated", "nobody else is on '" + request.name + "'")};
  for (const auto& [key, port] : request.plan.network.publish) {
    findings.push_back(seen("network.published", key + " leads to port " + port_text(port)));
  }
  return findings;
}

Failure explain_start(const contract::Plan& plan, Error error) {
  if (!has(error.what, "already in use") && !has(error.what, "already allocated")) {
    return Failure(std::move(error));
  }
  std::string taken = "a published port";
  for (const auto& [key, port] : plan.network.publish) {
    if (has(error.what, socket_text(port))) {
      taken = "port " + key;
    }
  }
  error.context.push_back(std::move(error.what));
  error.what = taken + " is taken";
  error.hints = {"publish another port of the host, or stop what listens there; `ss -lntup` tells"};
  return Failure(std::move(error));
}

}  // namespace paddock::engine
