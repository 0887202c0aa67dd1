#include "support/answers.hpp"

#include "paddock/contract/protections.hpp"
#include "support/host_mounts.hpp"

namespace paddock::support {

void delegate_process(sdk::Answers& answers) {
  for (const char* leaf : {"/process/command", "/process/cwd", "/process/environment/*",
                           "/process/init", "/process/terminal", "/process/umask"}) {
    answers.delegate(leaf, "gate");
  }
}

void refuse_root_user(sdk::Answers& answers, const contract::Plan& plan, const std::string& who) {
  if (plan.process.user.uid == 0) {
    answers.refuse("/process/user/uid", "the workload would be " + who);
  }
  if (plan.process.user.gid == 0) {
    answers.refuse("/process/user/gid", "the workload's group would be that of " + who);
  }
}

void answer_disk(sdk::Answers& answers, const contract::Plan& plan) {
  std::uint64_t sum = 0;
  std::string unlimited;
  for (const auto& [target, mount] : plan.mounts) {
    if (mount.type == contract::MountType::kTmpfs && !mount.read_only) {
      sum += mount.size_bytes;
      unlimited = mount.size_bytes == 0 ? target : unlimited;
    }
  }
  if (!unlimited.empty()) {
    answers.refuse("/resources/disk_bytes", "the tmpfs '" + unlimited + "' has no size");
  } else if (sum > plan.resources.disk_bytes.value_or(sum)) {
    answers.refuse("/resources/disk_bytes", "the sizes of the tmpfs mounts add up to more");
  } else {
    answers.enforce("/resources/disk_bytes", "size of each tmpfs; the workspace is not limited");
  }
}

std::string inner_mount(const contract::Mount& mount) {
  const auto inner = read_host_mounts().below(mount.source);
  return inner.empty() ? ""
                       : "'" + inner.front() + "' is a mount of its own below '" + mount.source +
                             "', and would show too";
}

contract::ProbeReply available(std::string version,
                               std::span<const Row> rows,
                               std::span<const Lack> lacks) {
  contract::ProbeReply reply;
  reply.available = true;
  reply.version = std::move(version);
  for (const Row& row : rows) {
    reply.protections.push_back({std::string(row.protection), true, row.mechanism, "", ""});
  }
  for (const Lack& lack : lacks) {
    reply.protections.push_back(
        {std::string(lack.protection), false, "", lack.reason, lack.remedy});
  }
  return reply;
}

contract::ProbeReply unavailable(std::string reason, std::string remedy) {
  contract::ProbeReply reply;
  for (const contract::Protection& protection : contract::kProtections) {
    reply.protections.push_back({std::string(protection.name), false, "", reason, remedy});
  }
  reply.reason = std::move(reason);
  reply.remedy = std::move(remedy);
  return reply;
}

contract::ProbeReply unavailable(const Error& error) {
  return unavailable(error.what, error.hints.empty() ? "" : error.hints.front());
}

}  // namespace paddock::support
