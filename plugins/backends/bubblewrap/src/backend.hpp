// The backend as the host sees it. backend.cpp brings sandboxes up, lifecycle.cpp does the rest.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cgroup.hpp"
#include "layout.hpp"
#include "paddock/sdk/backend.hpp"
#include "record.hpp"
#include "volume.hpp"

namespace paddock::bubblewrap {

class BubblewrapBackend final : public sdk::Backend {
 public:
  Result<contract::ProbeReply> probe(const contract::ProbeRequest& request) override;
  Result<contract::PrepareReply> prepare(const contract::PrepareRequest& request) override;
  Result<contract::VolumeReply> volume(const contract::VolumeRequest& request) override {
    return provide_volume(request);
  }
  Result<contract::Sandbox> create(const contract::CreateRequest& request) override;
  Result<contract::ExecReply> exec(const contract::ExecRequest& request) override;
  Result<contract::InspectReply> inspect(const contract::InspectRequest& request) override;
  Result<void> stop(const contract::StopRequest& request) override;
  Result<void> remove(const contract::RemoveRequest& request) override;

 private:
  /// What both prepare and create look at.
  struct Survey {
    std::string instance;
    contract::Resources resources;
    Layout layout;
    LimitPlan limits;
  };
  static Survey look(const contract::Plan& plan, const std::string& instance);

  Result<contract::Sandbox> start(const contract::CreateRequest& request, const Survey& known);
  /// Waits for a sandbox's first process. It cannot end before the exec'd ones are reaped.
  bool await_end(int pidfd, const std::string& instance, std::uint32_t timeout_ms);

  std::optional<Survey> prepared_;  ///< of the last prepare, for the create that follows
  support::Children children_;
};

}  // namespace paddock::bubblewrap
