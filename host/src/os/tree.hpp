// Walking through a folder whose content is hostile and changes meanwhile: links are seen and not
// followed, FIFOs and devices not opened, other mounts not entered, depth and number bounded.
// [any thread]
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace paddock::os {

struct TreeEntry {
  std::string path;  ///< from the root of the walk; bytes as they are, perhaps not UTF-8
  std::string name;  ///< its last part
  mode_t mode = 0;
  std::uint64_t size = 0;
  std::time_t modified = 0;              ///< mtime: the workload may set it at will
  std::time_t changed = 0;               ///< ctime: the kernel's alone
  std::uint32_t changed_ns = 0;          ///< its fraction
  std::optional<std::time_t> born = {};  ///< where the file system keeps it
  bool is_folder() const { return S_ISDIR(mode); }
};

/// "file", "folder", "link", "fifo", "socket", "device".
const char* type_word(mode_t mode);

class TreeVisitor {
 public:
  virtual ~TreeVisitor() = default;
  /// One entry of the folder that `folder` is open on; names of a folder come sorted by bytes.
  /// Returns whether to go into it, if it is a folder: then its entries come next.
  virtual bool see(int folder, const TreeEntry& entry) = 0;
  /// After all entries of a folder that was gone into.
  virtual void leave(const TreeEntry& folder) = 0;
};

/// A place that was not looked at, and why.
struct Unseen {
  std::string path;
  std::string why;
};

struct WalkLimits {
  std::size_t depth = 256;  ///< one descriptor each
  std::size_t entries = 2'000'000;
};

/// Walks through the folder that `root` is open on, and says what it left out.
std::vector<Unseen> walk_tree(int root, TreeVisitor& visitor, const WalkLimits& limits = {});

}  // namespace paddock::os
