// The system's git, on repositories that somebody hostile may have written: no configuration but
// ours is read, no hook, filter or other program of theirs is run, nothing is asked. [one thread]
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::run {

class Git {
 public:
  /// That of the system's directories, never of PATH. Errors: kBackendMissing.
  static Result<Git> find();

  /// Runs `git ARGUMENTS` and returns what it wrote. The repositories that it works on are given by
  /// the arguments and are ours, or views (RepositoryView). Errors: kSystem with git's own words.
  Result<std::string> run(const std::vector<std::string>& arguments) const;

 private:
  explicit Git(std::string program) : program_(std::move(program)) {}
  std::string program_;
};

/// What a repository holds, under a configuration of ours: objects and references are the
/// repository's own, and can be read and written; its configuration, hooks and attributes are not
/// there. Goes away with this.
class RepositoryView {
 public:
  /// Of the git directory `repository`, built in `scratch`, a private folder. Errors: kUntrusted
  /// for a repository of another user, or one that reaches outside of itself by links or
  /// alternates; kUnsupported for formats that the view cannot show.
  static Result<RepositoryView> open(const std::filesystem::path& repository,
                                     const std::filesystem::path& scratch);

  RepositoryView(RepositoryView&& other) noexcept;
  RepositoryView(const RepositoryView&) = delete;
  RepositoryView& operator=(const RepositoryView&) = delete;
  RepositoryView& operator=(RepositoryView&&) = delete;
  ~RepositoryView();

  const std::filesystem::path& path() const { return path_; }
  /// "refs/heads/main", or the commit's name where none is checked out.
  const std::string& head() const { return head_; }

 private:
  RepositoryView(std::filesystem::path path, std::string head)
      : path_(std::move(path)), head_(std::move(head)) {}
  std::filesystem::path path_;
  std::string head_;
};

/// Whether `text` can be a branch: letters, digits, '.', '_', '-' and '/', as git allows them and
/// no command line mistakes them.
bool is_branch_name(const std::string& text);

}  // namespace paddock::run
