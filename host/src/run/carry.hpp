// Files from the host into a workspace. The folder may be the work's to change at the same time:
// what is put there appears whole, under its own name, or not at all. [main thread]
#pragma once

#include <string>
#include <vector>

#include "run/workspace.hpp"

namespace paddock::run {

struct CarryOrder {
  std::string sandbox;
  std::vector<std::string> files;  ///< paths on the host, from the current folder
  bool force = false;              ///< whether files of the same name are replaced
};

/// Copies into the folder `imports`, which is read-only inside. Every file is looked at before the
/// first is copied: no links, folders or devices. Their paths inside. Errors: kUsage, kMissingKey
/// and kBadValue for a profile without that folder, kBadName for one that is there, kSystem.
Result<std::vector<std::string>> import_files(const Store& store, const CarryOrder& order);

/// The same into `shared`, which the work may write: its owner can change them there.
Result<std::vector<std::string>> share_files(const Store& store, const CarryOrder& order);

}  // namespace paddock::run
