// What changed in a workspace, by what the kernel keeps of each file. [main thread]
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "os/tree.hpp"
#include "run/workspace.hpp"

namespace paddock::run {

enum class ChangeKind : std::uint8_t {
  kAdded,
  kModified,  ///< content, mode, owner, name or links; of a folder: something was taken out of it
};

struct Change {
  ChangeKind kind;
  os::TreeEntry entry;  ///< its path is the workspace's
};

struct Changes {
  std::vector<Change> list;  ///< sorted by path
  std::vector<os::Unseen> unseen;
};

/// All files and folders whose status changed (ctime, which no work can set) at or after `since`.
/// What was deleted has left nothing to be seen but in its folder, which is listed when nothing
/// that changed in it explains why it did. Errors: those of open_folder.
Result<Changes> find_changes(const Workspace& workspace, std::time_t since);

}  // namespace paddock::run
