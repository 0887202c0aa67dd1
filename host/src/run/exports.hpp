// What a workload laid out to be taken: listed, or copied out. Everything in it is hostile.
// [main thread]
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "os/tree.hpp"
#include "run/workspace.hpp"

namespace paddock::run {

struct Exports {
  std::vector<os::TreeEntry> entries;  ///< listed, or copied
  std::vector<os::Unseen> left_out;    ///< and why: links, devices, what could not be read
};

/// What lies in the folder `exports`. Errors: those of named_folder and open_folder.
Result<Exports> list_exports(const Workspace& workspace);

/// Copies the files and folders of `exports` into `to`, which is made where it is not there: first
/// beside it all, so that a failure leaves `to` as it was, then each by a rename. Files get the
/// caller as owner and lose bits that give rights; links are left out. Without `force` nothing
/// that is there is touched, with it files are replaced and folders filled. Errors: kBadName,
/// kForbiddenPath for a folder that is more than a place for files, kSystem.
Result<Exports> copy_exports(const Workspace& workspace,
                             const std::filesystem::path& to,
                             bool force);

}  // namespace paddock::run
