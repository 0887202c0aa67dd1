#include "plan/required.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "paddock/contract/enum_names.hpp"

namespace paddock::plan {
namespace {

constexpr std::array<std::string_view, 5> kAlways = {"namespaces", "mounts.declared-only",
                                                     "devices.minimal", "descriptors.closed",
                                                     "process.session"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kBestEffort = {
    {{"cgroup.memory", "memory"},
     {"cgroup.cpu", "cpus"},
     {"cgroup.pids", "pids"},
     {"disk.limited", "disk"}}};

// A switch that is off and an empty list ask for nothing.
bool asks_nothing(const std::string& value) {
  return value == "false" || value == "[]";
}

void add_mount_protections(const contract::Plan& plan, std::set<std::string>& names) {
  for (const auto& [target, mount] : plan.mounts) {
    names.insert(mount.read_only ? "mounts.read-only" : "mounts.writable");
    if (mount.type == contract::MountType::kVolume) {
      names.insert("mounts.volume");
    }
  }
}

}  // namespace

std::string leaf_protection(const contract::Leaf& leaf, const contract::Plan& plan) {
  // Each mode, and each kind of root, is a promise of its own.
  if (leaf.pointer == "/network/mode") {
    return "network." + std::string(contract::enum_name(plan.network.mode));
  }
  if (leaf.pointer == "/network/egress") {
    const auto egress = plan.network.egress.value_or(contract::Egress::kNone);
    return plan.network.mode == contract::NetworkMode::kNone
               ? "network.none"
               : "egress." + std::string(contract::enum_name(egress));
  }
  if (leaf.pointer.starts_with("/rootfs/") && leaf.pointer != "/rootfs/read_only") {
    return "rootfs." + std::string(contract::enum_name(plan.rootfs.type));
  }
  if (leaf.rule->merge != contract::Merge::kExclusive && asks_nothing(leaf.value) &&
      leaf.pointer != "/security/capabilities") {
    return {};
  }
  return std::string(leaf.rule->protection);
}

std::vector<std::string> required_protections(const Draft& draft) {
  std::set<std::string> names(kAlways.begin(), kAlways.end());
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    names.insert(leaf_protection(leaf, draft.plan));
  }
  add_mount_protections(draft.plan, names);
  for (const auto& [name, origin] : draft.demands) {
    names.insert(name);
  }
  for (const auto& [name, why] : draft.unenforced) {
    names.erase(name);
  }
  names.erase("");
  return {names.begin(), names.end()};
}

AskingLeaves asking_leaves(const Draft& draft) {
  AskingLeaves out;
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    out[leaf_protection(leaf, draft.plan)].push_back(leaf.pointer);
  }
  for (const auto& [target, mount] : draft.plan.mounts) {
    const std::string leaf = "/mounts/" + contract::escape_pointer(target);
    out[mount.read_only ? "mounts.read-only" : "mounts.writable"].push_back(leaf);
    if (mount.type == contract::MountType::kVolume) {
      out["mounts.volume"].push_back(leaf);
    }
  }
  return out;
}

std::vector<std::string> asking_leaves(const Draft& draft, std::string_view protection) {
  AskingLeaves all = asking_leaves(draft);
  const auto found = all.find(protection);
  return found == all.end() ? std::vector<std::string>{} : std::move(found->second);
}

std::string_view best_effort_name(std::string_view protection) {
  const auto found = std::find_if(kBestEffort.begin(), kBestEffort.end(),
                                  [&](const auto& row) { return row.first == protection; });
  return found == kBestEffort.end() ? std::string_view{} : found->second;
}

bool is_best_effort(const Draft& draft, std::string_view protection) {
  const auto& allowed = draft.plan.resources.best_effort;
  const std::string_view name = best_effort_name(protection);
  return !name.empty() && std::find(allowed.begin(), allowed.end(), name) != allowed.end();
}

}  // namespace paddock::plan
