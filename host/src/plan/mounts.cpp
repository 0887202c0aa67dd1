// Workspace, scratch space and the profile's own mounts. Paths were checked and resolved with the
// profile, and are pinned once the plan is merged (pin.hpp); nothing is created.
#include <filesystem>

#include "plan/base_plan.hpp"
#include "plan/disk.hpp"
#include "profile/host_paths.hpp"
#include "profile/merge.hpp"

namespace paddock::plan {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWorkspace = "/workspace";
constexpr const char* kHome = "/home/sandbox";

std::string pointer_of(const std::string& target) {
  return "/mounts/" + contract::escape_pointer(target);
}

void add(Builder& builder, const std::string& target, contract::Mount mount, const Node* node) {
  if (!builder.plan().mounts.emplace(target, std::move(mount)).second) {
    builder.problem(node, ErrorCode::kDuplicate, "two mounts have the target '" + target + "'");
    return;
  }
  builder.came_from(pointer_of(target), node);
}

void add_bind(Builder& builder,
              const std::string& target,
              std::string source,
              bool read_only,
              std::string purpose,
              const Node* node,
              bool executable = true) {
  contract::Mount mount;
  mount.source = std::move(source);
  mount.read_only = read_only;
  mount.executable = executable;
  mount.purpose = std::move(purpose);
  add(builder, target, std::move(mount), node);
}

bool reads_only(Builder& builder, const Node* node, std::string_view name, bool otherwise) {
  const auto mode = builder.text(node, name);
  if (!mode) {
    return otherwise;
  }
  if (*mode != "ro" && *mode != "rw") {
    builder.problem(node, ErrorCode::kBadValue,
                    "'" + std::string(name) + "' must be \"ro\" or \"rw\", not \"" + *mode + "\"");
  }
  return *mode != "rw";
}

/// A folder below the root with its links resolved. It may lead elsewhere by now than where it did
/// when the profile was checked.
std::optional<std::string> folder_path(Builder& builder,
                                       const std::string& root,
                                       const std::string& name,
                                       const Node* node) {
  auto real = profile::real_path((fs::path(root) / name).string(), true, root);
  if (!real) {
    Error error = std::move(real).error();
    builder.problem(node, error.code, error.what, error.hints.empty() ? "" : error.hints.front());
    return std::nullopt;
  }
  if (!profile::is_inside(*real, root)) {
    builder.problem(
        node, ErrorCode::kForbiddenPath,
        "the workspace folder '" + name + "' leads out of the workspace, to '" + *real + "'");
    return std::nullopt;
  }
  return std::move(*real);
}

void build_workspace(Builder& builder) {
  const Node* root_node = builder.find("workspace.root");
  const auto root = builder.text(root_node, "workspace.root");
  if (!root) {
    builder.plan().process.cwd = kHome;
    return;
  }
  builder.plan().process.cwd = kWorkspace;
  const Node* folders = builder.find("workspace.folders");
  if (folders == nullptr || folders->table() == nullptr || folders->table()->empty()) {
    const Node* mode = builder.find("workspace.mode");
    const bool read_only = reads_only(builder, mode, "workspace.mode", false);
    return add_bind(builder, kWorkspace, *root, read_only, "workspace", root_node);
  }
  for (const auto& [name, mode] : *folders->table()) {
    const bool read_only = reads_only(builder, &mode, "workspace.folders." + name, false);
    if (auto source = folder_path(builder, *root, name, &mode)) {
      add_bind(builder, std::string(kWorkspace) + "/" + name, std::move(*source), read_only,
               "workspace", &mode);
    }
  }
}

void add_tmpfs(Builder& builder, const std::string& target, std::string purpose, const Node* node) {
  contract::Mount mount;
  mount.type = contract::MountType::kTmpfs;
  mount.read_only = false;
  mount.purpose = std::move(purpose);
  add(builder, target, std::move(mount), node);
}

void add_volume(Builder& builder, const std::string& target, const Node& entry, bool executable) {
  contract::Mount mount;
  mount.type = contract::MountType::kVolume;
  mount.volume = builder.text(entry.find("volume"), "volume").value_or("");
  mount.read_only = reads_only(builder, entry.find("mode"), "mode", false);
  mount.executable = executable;
  mount.purpose = "mount";
  add(builder, target, std::move(mount), &entry);
}

void build_declared(Builder& builder, const Node& entry) {
  const std::string target = builder.text(entry.find("target"), "target").value_or("");
  const bool executable = builder.boolean(entry.find("exec"), "exec").value_or(true);
  const std::string type = builder.text(entry.find("type"), "type").value_or("bind");
  if (type == "tmpfs") {
    add_tmpfs(builder, target, "mount", &entry);
    contract::Mount& mount = builder.plan().mounts[target];
    mount.read_only = reads_only(builder, entry.find("mode"), "mode", false);
    mount.executable = executable;
    mount.size_bytes = builder.size(entry.find("size"), "size").value_or(0);
    return;
  }
  if (type == "volume") {
    return add_volume(builder, target, entry, executable);
  }
  const auto source = builder.text(entry.find("source"), "source");
  if (!source) {
    builder.problem(&entry, ErrorCode::kMissingKey,
                    "the mount of '" + target + "' has no 'source'");
    return;
  }
  const bool read_only = reads_only(builder, entry.find("mode"), "mode", true);
  add_bind(builder, target, *source, read_only, "mount", &entry, executable);
}

}  // namespace

void build_mounts(Builder& builder) {
  build_workspace(builder);
  if (const Node* node = builder.find("mounts"); node != nullptr && node->array() != nullptr) {
    for (const Node& entry : *node->array()) {
      build_declared(builder, entry);
    }
  }
  const auto& mounts = builder.plan().mounts;
  for (const auto& [target, purpose] : kScratch) {
    if (mounts.count(std::string(target)) == 0) {  // a profile may size or replace them
      add_tmpfs(builder, std::string(target), std::string(purpose), nullptr);
    }
  }
  if (const Node* node = builder.find("process.cwd")) {
    builder.plan().process.cwd = builder.text(node, "process.cwd").value_or(kWorkspace);
    builder.came_from("/process/cwd", node);
  }
}

}  // namespace paddock::plan
