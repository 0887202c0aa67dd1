#include "support/engine/changes.hpp"

#include <algorithm>
#include <array>

#include "support/engine/request.hpp"
#include "support/host_mounts.hpp"
#include "support/host_root.hpp"
#include "support/mount_calls.hpp"

namespace paddock::engine {
namespace {

// The engine's own, of which a sandbox needs none; the image has the files of /etc.
constexpr std::array kUnwanted = {
    "/sys",       "/dev/mqueue", "/dev/shm",    "/etc/resolv.conf", "/run/.containerenv",
    "/etc/group", "/etc/hosts",  "/etc/passwd", "/etc/hostname",    kSocketTarget};

// Whoever may not make devices binds the host's instead.
constexpr std::array kNodes = {"/dev",        "/dev/null",    "/dev/zero", "/dev/full",
                               "/dev/random", "/dev/urandom", "/dev/tty"};

bool holds_nodes(const std::string& target) {
  return std::find(kNodes.begin(), kNodes.end(), target) != kNodes.end();
}

bool is_unwanted(const std::string& target,
                 const contract::Plan& plan,
                 const std::vector<std::string>& unwanted) {
  return !plan.mounts.contains(target) &&
         std::any_of(unwanted.begin(), unwanted.end(),
                     [&](const std::string& path) { return support::is_within(target, path); });
}

/// What is not the plan's is read-only, but for the places where the kernel itself decides.
std::uint64_t attributes_of(const std::string& target, const contract::Plan& plan) {
  std::uint64_t attributes = MOUNT_ATTR_NOSUID;
  if (!holds_nodes(target)) {  // they have to open
    attributes |= MOUNT_ATTR_NODEV;
  }
  const auto mount = plan.mounts.find(target);
  if (mount == plan.mounts.end() && target != "/proc" && target != "/dev/pts") {
    attributes |= MOUNT_ATTR_RDONLY;
  }
  if (mount != plan.mounts.end() && !mount->second.executable) {
    attributes |= MOUNT_ATTR_NOEXEC;
  }
  return attributes;
}

Change change_of(const std::string& target, const contract::Plan& plan) {
  const std::uint64_t attributes = attributes_of(target, plan);
  const auto mount = plan.mounts.find(target);
  if (mount == plan.mounts.end()) {
    return {Action::kHarden, target, attributes};
  }
  if (mount->second.type != contract::MountType::kTmpfs) {
    return {Action::kBind, target, attributes, mount->second.identity};
  }
  const bool home = mount->second.purpose == "home";
  const mode_t mode = mount->second.read_only ? 0 : home ? 0700 : 01777;
  return {home ? Action::kGive : Action::kHarden, target, attributes, std::nullopt, mode};
}

}  // namespace

std::vector<Change> changes_for(pid_t pid,
                                const contract::Plan& plan,
                                const std::vector<std::string>& covers) {
  std::vector<std::string> unwanted(kUnwanted.begin(), kUnwanted.end());
  unwanted.insert(unwanted.end(), covers.begin(), covers.end());
  std::vector<Change> changes;
  for (const std::string& target : support::read_mounts(pid).points) {
    if (std::find(unwanted.begin(), unwanted.end(), target) != unwanted.end() &&
        !plan.mounts.contains(target)) {
      changes.push_back({Action::kDetach, target});  // with what is below it
    } else if (!is_unwanted(target, plan, unwanted)) {
      changes.push_back(change_of(target, plan));
    }
  }
  std::stable_partition(changes.begin(), changes.end(),
                        [](const Change& change) { return change.action == Action::kDetach; });
  return changes;
}

}  // namespace paddock::engine
