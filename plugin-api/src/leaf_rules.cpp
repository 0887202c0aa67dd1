// The table of merge rules and protections, and looking a pointer up in it.
#include "paddock/contract/enum_names.hpp"
#include "paddock/contract/leaves.hpp"

namespace paddock::contract {

const std::vector<LeafRule>& leaf_rules() {
  static const std::vector<LeafRule> kRules = {
      {"/isolation", Merge::kLattice, "isolation", "minimum isolation level"},
      {"/process/command", Merge::kExclusive, "process.start", "argument vector"},
      {"/process/cwd", Merge::kExclusive, "process.cwd", "working directory"},
      {"/process/environment/*", Merge::kKeyed, "process.start", "environment variable"},
      {"/process/user/uid", Merge::kExclusive, "user", "user id inside"},
      {"/process/user/gid", Merge::kExclusive, "user", "group id inside"},
      {"/process/init", Merge::kExclusive, "process.start", "the gate stays as init process"},
      {"/process/terminal", Merge::kExclusive, "process.session", "terminal of its own"},
      {"/process/umask", Merge::kMoreBits, "process.umask", "file mode creation mask"},
      {"/process/hostname", Merge::kExclusive, "namespaces", "host name"},
      {"/rootfs/type", Merge::kExclusive, "rootfs.host", "where the root file system comes from"},
      {"/rootfs/image", Merge::kExclusive, "rootfs.host", "image reference"},
      {"/rootfs/digest", Merge::kExclusive, "rootfs.host", "digest that the image must have"},
      {"/rootfs/platform", Merge::kExclusive, "rootfs.host", "platform of the image"},
      {"/rootfs/image_id", Merge::kExclusive, "rootfs.host", "image that runs"},
      {"/rootfs/read_only", Merge::kTrue, "rootfs.read-only", "read-only root file system"},
      {"/mounts/*", Merge::kKeyed, "mounts.declared-only", "declared mount"},
      {"/resources/memory_bytes", Merge::kLess, "cgroup.memory", "memory limit"},
      {"/resources/cpus_milli", Merge::kLess, "cgroup.cpu", "CPU limit"},
      {"/resources/pids", Merge::kLess, "cgroup.pids", "limit of processes and threads"},
      {"/resources/disk_bytes", Merge::kLess, "disk.limited", "limit of own writable space"},
      {"/resources/best_effort", Merge::kSubset, "", "limits that may go unenforced"},
      {"/network/mode", Merge::kLattice, "network.none", "network mode"},
      {"/network/egress", Merge::kLattice, "egress.none", "what the network leads to"},
      {"/network/publish/*", Merge::kKeyed, "network.published", "published port"},
      {"/security/no_new_privs", Merge::kTrue, "no-new-privs", "no gain of privileges by exec"},
      {"/security/capabilities", Merge::kSubset, "capabilities", "capabilities kept"},
      {"/security/masked_paths", Merge::kSuperset, "kernel-paths.masked",
       "kernel paths shown empty"},
      {"/security/read_only_paths", Merge::kSuperset, "kernel-paths.read-only",
       "kernel paths that cannot be written"},
      {"/security/hidden_paths", Merge::kSuperset, "host-paths.hidden",
       "host directories absent inside"},
      // A map entry whose two wishes meet in the smaller number instead of a conflict.
      {"/security/rlimits/*", Merge::kLess, "process.limits", "resource limit"},
  };
  return kRules;
}

namespace {

// Whether `pattern`, in which only the last token may be '*', covers the concrete pointer.
bool covers(std::string_view pattern, std::string_view pointer) {
  if (!pattern.ends_with("/*")) {
    return pattern == pointer;
  }
  const std::string_view stem = pattern.substr(0, pattern.size() - 1);
  return pointer.size() > stem.size() && pointer.starts_with(stem) &&
         pointer.find('/', stem.size()) == std::string_view::npos;
}

}  // namespace

const LeafRule* leaf_rule(std::string_view pointer) {
  for (const LeafRule& rule : leaf_rules()) {
    if (covers(rule.pattern, pointer)) {
      return &rule;
    }
  }
  return nullptr;
}

std::vector<std::string_view> strictest_first(const LeafRule& rule) {
  if (rule.pattern == "/isolation") {
    const auto& names = EnumNames<Isolation>::kNames;  // weakest first
    return {names.rbegin(), names.rend()};
  }
  if (rule.pattern == "/network/mode") {
    const auto& names = EnumNames<NetworkMode>::kNames;  // strictest first
    return {names.begin(), names.end()};
  }
  if (rule.pattern == "/network/egress") {
    const auto& names = EnumNames<Egress>::kNames;  // strictest first
    return {names.begin(), names.end()};
  }
  return {};
}

}  // namespace paddock::contract
