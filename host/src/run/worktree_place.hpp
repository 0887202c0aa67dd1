// Where the worktrees of a repository are. Makes nothing. [any thread]
#pragma once

#include <filesystem>
#include <string>

#include "paddock/contract/result.hpp"
#include "run/worktree.hpp"

namespace paddock::run {

/// A repository, and the private folder of its worktrees.
struct WorktreePlace {
  std::filesystem::path repository;  ///< its folder; .git is in it
  std::filesystem::path root;

  std::filesystem::path git() const { return repository / ".git"; }
  std::filesystem::path folder(const std::string& name) const { return root / name; }
  std::filesystem::path record(const std::string& name) const { return root / (name + ".json"); }
  std::filesystem::path lock(const std::string& name) const { return root / (name + ".lock"); }
};

/// The repository around `folder`, found as git finds it. Errors: kUsage for none, and for a
/// worktree of git's own or a submodule, whose .git is a file that may say anything.
Result<WorktreePlace> find_place(const std::filesystem::path& folder);

/// The branch as a name: with a part of its digest where that is not the branch itself.
std::string worktree_name(const std::string& branch);

std::string encode_record(const WorktreeRecord& record);
/// Errors: kStateCorrupt.
Result<WorktreeRecord> read_worktree_record(const std::filesystem::path& path);

}  // namespace paddock::run
