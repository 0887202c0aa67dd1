// [network] of the profile.
#include "paddock/contract/enum_names.hpp"
#include "plan/base_plan.hpp"
#include "profile/publish.hpp"

namespace paddock::plan {
namespace {

using contract::NetworkMode;

void build_egress(Builder& builder) {
  const Node* node = builder.find("network.egress");
  const auto name = builder.text(node, "network.egress");
  const auto egress = name ? contract::enum_from_name<contract::Egress>(*name) : std::nullopt;
  if (name && !egress) {
    builder.problem(node, ErrorCode::kBadValue, "'network.egress' has no value '" + *name + "'");
  }
  builder.plan().network.egress = egress.value_or(contract::Egress::kNone);
  builder.came_from("/network/egress", node);
}

void publish(Builder& builder, const Node& entry) {
  auto port = profile::parse_publish(builder.text(&entry, "network.publish").value_or(""));
  if (!port) {
    Error error = std::move(port).error();
    error.where = entry.where;
    return builder.problem(std::move(error));
  }
  const std::string key = profile::publish_key(*port);
  builder.plan().network.publish.emplace(key, std::move(*port));
  builder.came_from("/network/publish/" + contract::escape_pointer(key), &entry);
}

// Of a port that leads nowhere nobody should believe that it is open.
void refuse_publish(Builder& builder, const Node* node, const std::string& why) {
  builder.problem(node, ErrorCode::kBadValue, "'network.publish' needs a network: " + why,
                  "set mode = \"isolated\" and egress = \"unrestricted\" in [network], or publish "
                  "nothing");
}

}  // namespace

void build_network(Builder& builder) {
  const contract::Network& network = builder.plan().network;
  if (network.mode == NetworkMode::kIsolated) {
    build_egress(builder);
  }
  const Node* ports = builder.find("network.publish");
  if (ports == nullptr || ports->array() == nullptr || ports->array()->empty()) {
    return;
  }
  if (network.mode != NetworkMode::kIsolated) {
    return refuse_publish(builder, ports,
                          "the mode is '" + std::string(contract::enum_name(network.mode)) + "'");
  }
  if (network.egress != contract::Egress::kUnrestricted) {
    return refuse_publish(builder, ports, "with egress 'none' no answer gets out either");
  }
  for (const Node& entry : *ports->array()) {
    publish(builder, entry);
  }
}

}  // namespace paddock::plan
