#include "paddock/sdk/plugin.hpp"

#include "paddock/contract/json_value.hpp"

namespace paddock::sdk {

void Host::log(int level, std::string_view message) const {
  const std::string json = "{\"message\":" + contract::json_quote(message) + "}";
  host_->log(host_->ctx, level, {json.data(), json.size()});
}

bool Host::cancelled() const {
  return cancelled_.load(std::memory_order_relaxed) || host_->cancelled(host_->ctx) != 0;
}

Result<void> Plugin::configure(const Table&) {
  return {};
}

}  // namespace paddock::sdk
