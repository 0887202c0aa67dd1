// A private folder inside another one, to build something in before it appears. Goes away with
// everything in it. [one thread]
#pragma once

#include <string>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::os {

class StageFolder {
 public:
  /// In the folder that `parent` is open on, which stays open as long as this. Errors: kSystem.
  static Result<StageFolder> create(int parent);

  StageFolder(StageFolder&& other) noexcept = default;
  StageFolder(const StageFolder&) = delete;
  StageFolder& operator=(const StageFolder&) = delete;
  StageFolder& operator=(StageFolder&&) = delete;
  ~StageFolder();

  int fd() const { return fd_.get(); }

  /// Moves entry `name` to the parent. With `merge`, files there are replaced and folders filled;
  /// without, what is there is an error. Errors: kBadName, kSystem.
  Result<void> move_out(const std::string& name, bool merge) const;

 private:
  StageFolder(int parent, std::string name, UniqueFd fd);

  int parent_;
  std::string name_;
  UniqueFd fd_;
};

/// Removes entry `name` of a folder, with all that is in it, where it is a folder; follows no link.
/// Whether nothing of it is left.
bool remove_tree(int folder, const std::string& name);

}  // namespace paddock::os
