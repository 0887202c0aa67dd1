// [[mounts]] of several stages: one for each target. [one thread]
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "profile/merge_leaf.hpp"

namespace paddock::profile {

/// A value with the place of `like`.
Node placed_like(Node::Value value, const Node& like);

/// Whether the merged tree `root` has [workspace.folders].
bool has_folders(const Node& root);

class MountMerger {
 public:
  /// All outlive it. `root`: the merged tree, whose workspace is merged before a stage's mounts;
  /// `confined` gets the targets whose source must lie in it.
  MountMerger(Rights& rights,
              History& history,
              LeafMerger& leaves,
              const Node& root,
              std::set<std::string>& confined)
      : rights_(rights), history_(history), leaves_(leaves), root_(root), confined_(confined) {}

  void merge(const Node& from, const Stage& stage);
  /// The list, by target, once all is said; nothing where there is none.
  std::optional<Node> take();

 private:
  void merge_mount(const Node& entry, const std::string& target);
  bool mount_allowed(const Node& entry, const std::string& target);
  bool may_replace() const;
  void replace_mount(const Node& entry, const std::string& target);
  void say_defaults(const Node& entry, const std::string& target, Node::Table& table);
  bool is_workspace_part(const Node& entry, const std::string& target) const;

  Rights& rights_;
  History& history_;
  LeafMerger& leaves_;
  const Node& root_;
  std::set<std::string>& confined_;
  const Stage* stage_ = nullptr;
  std::map<std::string, Node> mounts_;  // by target; their tables stay where they are
  Node where_;
  std::deque<Node> made_;  // values that no file holds
};

}  // namespace paddock::profile
