// Worktrees of a Git repository, one a branch, for sandboxes that work side by side. Each is a
// clone with a store of its own, not a `git worktree`: what shares a store with others can rewrite
// their history, and hooks and settings of a shared .git are run by the user's own git. Kept under
// $XDG_DATA_HOME/paddock-worktrees/REPOSITORY/:
//   NAME/       the clone: the sandbox's workspace, its .git included
//   NAME.json   where it came from; what changed in NAME after this was written is work
//   NAME.lock   held by the paddock that uses it
// Commits come back only by fetch_branch(), which reads them as data. [main thread]
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "os/lock.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::run {

/// NAME.json.
struct WorktreeRecord {
  std::string repository;  ///< its folder
  std::string branch;
  std::string base;    ///< the reference or commit that it began with
  std::string folder;  ///< of the clone
};

/// One in use by us.
struct Worktree {
  WorktreeRecord record;
  std::string name;  ///< the branch's, as a name
  bool created = false;
  os::FileLock lock;
};

/// The worktree of `branch` of the repository around `folder`, made where it is not there: from
/// that branch, or a new one from what is checked out. Errors: kUsage (no repository, no branch's
/// name), kNameTaken when another sandbox uses it, those of Git and RepositoryView.
Result<Worktree> open_worktree(const std::filesystem::path& folder, const std::string& branch);

/// After the sandbox ended: whether the worktree is kept. One in which nothing was done goes.
bool close_worktree(const Worktree& worktree);

/// Of the repository around `folder`, sorted by branch; whether somebody uses each.
struct WorktreeStatus {
  WorktreeRecord record;
  bool in_use = false;
  bool changed = false;
};
Result<std::vector<WorktreeStatus>> list_worktrees(const std::filesystem::path& folder);

/// Brings the branch's commits into the repository, where they may only add to that branch: the
/// branch's new tip. Errors: kUsage when the branch is checked out there, kNotRunning when there is
/// no such worktree, kSystem with git's own words, also for a branch that went another way.
Result<std::string> fetch_branch(const std::filesystem::path& folder, const std::string& branch);

/// Removes the clone with all that was not fetched. Errors: kNoSandbox, kNameTaken when in use.
Result<void> remove_worktree(const std::filesystem::path& folder, const std::string& branch);

}  // namespace paddock::run
