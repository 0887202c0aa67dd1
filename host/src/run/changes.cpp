#include "run/changes.hpp"

#include <algorithm>
#include <set>

namespace paddock::run {
namespace {

class Finder final : public os::TreeVisitor {
 public:
  Finder(std::time_t since, std::string prefix, std::vector<Change>& list)
      : since_(since), prefix_(std::move(prefix)), list_(list) {}

  bool see(int, const os::TreeEntry& entry) override {
    if (entry.changed >= since_) {
      const bool added = entry.born && *entry.born >= since_;
      if (added || !entry.is_folder()) {
        add(added ? ChangeKind::kAdded : ChangeKind::kModified, entry);
        explained_.insert(folder_of(entry));
      }
    }
    return true;
  }

  void leave(const os::TreeEntry& folder) override {
    const bool added = folder.born && *folder.born >= since_;
    if (folder.changed >= since_ && !added && explained_.count(folder.path) == 0) {
      add(ChangeKind::kModified, folder);
    }
    explained_.erase(folder.path);
  }

 private:
  static std::string folder_of(const os::TreeEntry& entry) {
    return entry.path.substr(
        0, entry.path.size() - entry.name.size() - (entry.path.size() > entry.name.size() ? 1 : 0));
  }

  void add(ChangeKind kind, os::TreeEntry entry) {
    entry.path = prefix_ + entry.path;
    list_.push_back({kind, std::move(entry)});
  }

  std::time_t since_;
  std::string prefix_;
  std::vector<Change>& list_;
  std::set<std::string> explained_;  // folders in which a change is listed
};

}  // namespace

Result<Changes> find_changes(const Workspace& workspace, std::time_t since) {
  Changes changes;
  for (const WorkFolder& folder : workspace.folders) {
    const auto root = open_folder(folder);
    if (!root) {
      return fail_as(root);
    }
    const std::string prefix = folder.name.empty() ? "" : folder.name + "/";
    Finder finder(since, prefix, changes.list);
    for (os::Unseen& unseen : os::walk_tree(root->get(), finder)) {
      changes.unseen.push_back({prefix + unseen.path, std::move(unseen.why)});
    }
  }
  std::sort(changes.list.begin(), changes.list.end(),
            [](const Change& a, const Change& b) { return a.entry.path < b.entry.path; });
  return changes;
}

}  // namespace paddock::run
