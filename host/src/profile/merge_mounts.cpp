#include "profile/merge_mounts.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "profile/core_options.hpp"
#include "profile/names.hpp"

namespace paddock::profile {
namespace {

using Table = Node::Table;

std::string mount_path(const std::string& target, const std::string& key) {
  return "mounts." + target + "." + key;
}

const OptionSpec& mount_option(const std::string& key) {
  const auto& rows = mount_table().options;
  return *std::find_if(rows.begin(), rows.end(),
                       [&](const OptionSpec& option) { return option.key == key; });
}

}  // namespace

void MountMerger::merge(const Node& from, const Stage& stage) {
  stage_ = &stage;
  where_ = placed_like(Table{}, from);
  for (const Node& entry : *from.array()) {
    merge_mount(entry, *entry.find("target")->text());
  }
}

// An entry with a source or a type says all of a mount, and takes the place of one below it; an
// entry without changes the keys that it names.
void MountMerger::merge_mount(const Node& entry, const std::string& target) {
  const bool whole = entry.find("source") != nullptr || entry.find("type") != nullptr;
  const bool added = history_.below(mount_path(target, "target"), *stage_).empty();
  if (added && !mount_allowed(entry, target)) {
    return;
  }
  const bool replaced = !added && whole && may_replace();
  if (replaced) {
    replace_mount(entry, target);
  }
  auto& table =
      std::get<Table>(mounts_.try_emplace(target, placed_like(Table{}, entry)).first->second.value);
  for (const auto& [key, value] : *entry.table()) {
    const OptionSpec& option = mount_option(key);
    if (added || replaced) {
      history_.say(mount_path(target, key), option, value, *stage_, {&table, key});
    } else {
      leaves_.merge(mount_path(target, key), option, value, {&table, key});
    }
  }
  if (whole && (added || replaced)) {
    say_defaults(entry, target, table);
  }
}

bool MountMerger::mount_allowed(const Node& entry, const std::string& target) {
  if (is_workspace_part(entry, target)) {
    if (!rights_.is_own()) {
      confined_.insert(target);
    }
    return true;
  }
  Node named = entry;
  named.key_where = entry.find("target")->where;
  const std::string what = "mounts something at '" + shown(target) + "'";
  // An empty folder is nothing that a stranger could take over.
  return entry.find("source") == nullptr && entry.find("volume") == nullptr
             ? rights_.asked(named, what, to_json(entry))
             : rights_.granted(named, what, to_json(entry));
}

bool MountMerger::may_replace() const {
  return stage_->may_widen && stage_->layer.trust != Trust::kShipped;
}

void MountMerger::replace_mount(const Node& entry, const std::string& target) {
  const std::string change = "replaces the mount of " + place_text(mounts_.at(target).where);
  rights_.write_down(entry.where, change);
  rights_.granted(entry, change, to_json(entry));
  for (const OptionSpec& option : mount_table().options) {
    history_.retract(mount_path(target, option.key), *stage_);
  }
  Node& into = mounts_.at(target);
  into.where = entry.where;
  into.layer = entry.layer;
}

// What a whole entry leaves out is said too: of two parents' mounts the stricter one holds.
void MountMerger::say_defaults(const Node& entry, const std::string& target, Table& table) {
  const Node* type = entry.find("type");
  const bool bind = type == nullptr || *type->text() == "bind";
  for (const auto& [key, value] :
       {std::pair("type", "bind"), std::pair("mode", bind ? "ro" : "rw")}) {
    if (entry.find(key) == nullptr) {
      const Node& said = made_.emplace_back(placed_like(std::string(value), entry));
      history_.say(mount_path(target, key), mount_option(key), said, *stage_, {&table, key});
    }
  }
}

// A read-only mount of a piece of the workspace at its own place takes away, and grants nothing.
bool MountMerger::is_workspace_part(const Node& entry, const std::string& target) const {
  const Node* root = root_.find("workspace.root");
  const Node* source = entry.find("source");
  const Node* mode = entry.find("mode");
  constexpr std::string_view kWorkspace = "/workspace/";
  if (root == nullptr || source == nullptr || (mode != nullptr && *mode->text() != "ro") ||
      target.rfind(kWorkspace, 0) != 0) {
    return false;
  }
  const std::string part = target.substr(kWorkspace.size());
  const Node* folders = root_.find("workspace.folders");
  if (has_folders(root_) && folders->table()->count(part.substr(0, part.find('/'))) == 0) {
    return false;
  }
  return *source->text() == (std::filesystem::path(*root->text()) / part).string() &&
         part.find("..") == std::string::npos;
}

std::optional<Node> MountMerger::take() {
  if (mounts_.empty()) {
    return std::nullopt;
  }
  Node::Array items;
  for (auto& [target, entry] : mounts_) {
    items.push_back(std::move(entry));
  }
  return placed_like(std::move(items), where_);
}

Node placed_like(Node::Value value, const Node& like) {
  Node node(std::move(value), like.where);
  node.key_where = like.key_where;
  node.layer = like.layer;
  return node;
}

bool has_folders(const Node& root) {
  const Node* folders = root.find("workspace.folders");
  return folders != nullptr && !folders->table()->empty();
}

}  // namespace paddock::profile
