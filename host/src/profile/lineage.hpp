// A profile and everything that it extends, in the order of application.
#pragma once

#include <vector>

#include "profile/source_file.hpp"

namespace paddock::profile {

/// A file that another extends: its index, and that of its name in `extends`.
struct Parent {
  std::size_t file;
  std::size_t entry;
};

/// `base` first, the named profile last; each file once, parents before children, in the order in
/// which `extends` lists them (depth first).
struct Lineage {
  std::vector<SourceFile> files;
  /// ancestors[i][j]: whether file j is below file i by any chain of extends; `base` is below all.
  std::vector<std::vector<bool>> ancestors;
  /// parents[i]: the sound files behind the names in `extends` of file i.
  std::vector<std::vector<Parent>> parents;
  /// Whether all but the named profile are sound. What is wrong in that one is left out then, and
  /// the rest can be merged to find what else is wrong with it.
  bool mergeable = false;
};

/// The most profiles on one chain of extends, and in one lineage.
inline constexpr std::size_t kLongestChain = 64;
inline constexpr std::size_t kMostFiles = 128;

/// Reads and checks the shape of all files; problems of every file are recorded. The result is of
/// use when `problems` is empty, and to find more of them when it is mergeable. Errors besides
/// those of open_profile: kExtendsCycle naming the loop, kExtendsDepth.
Lineage collect_lineage(const std::string& argument, const Context& context, Problems& problems);

}  // namespace paddock::profile
