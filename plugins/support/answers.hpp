// What backends that run the host's own programs answer alike.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "paddock/sdk/backend.hpp"

namespace paddock::support {

/// Everything of /process that the gate does.
void delegate_process(sdk::Answers& answers);
/// uid and gid 0; `who` is what the workload would be.
void refuse_root_user(sdk::Answers& answers, const contract::Plan& plan, const std::string& who);
/// /resources/disk_bytes: every writable tmpfs has a size, and their sum is within it.
void answer_disk(sdk::Answers& answers, const contract::Plan& plan);
/// A bind mount that other mounts lie below, which would show too; "" for one without.
std::string inner_mount(const contract::Mount& mount);

/// One protection that can be enforced.
struct Row {
  std::string_view protection;
  const char* mechanism;
};
/// One that cannot.
struct Lack {
  std::string_view protection;
  const char* reason;
  const char* remedy;
};

/// The reply to `probe` of a backend that can run.
contract::ProbeReply available(std::string version,
                               std::span<const Row> rows,
                               std::span<const Lack> lacks);
/// Of one that cannot.
contract::ProbeReply unavailable(std::string reason, std::string remedy);
contract::ProbeReply unavailable(const Error& error);

}  // namespace paddock::support
