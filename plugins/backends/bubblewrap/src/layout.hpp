// What the sandbox's file system is made of beside the plan's own mounts: decided once from the
// plan and the host, and read by prepare (engine mounts), create (bwrap's options) and the seal.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "paddock/contract/messages.hpp"

namespace paddock::bubblewrap {

inline constexpr const char* kGateTarget = "/.paddock/gate";
inline constexpr const char* kEmptyFile = "/.paddock/empty";      ///< what covered files show
inline constexpr const char* kEmptyDirectory = "/.paddock/void";  ///< what covered directories show

using PathPair = std::pair<std::string, std::string>;  ///< source on the host, target inside

struct Layout {
  std::vector<PathPair> binds;         ///< read-only binds of the host's system
  std::vector<PathPair> links;         ///< link text and the link's path inside
  std::vector<std::string> copies;     ///< small files of the host's /etc, copied into the root
  std::vector<std::string> read_only;  ///< kernel paths bound onto themselves, read-only
  std::vector<std::string> covered_files;
  std::vector<std::string> covered_directories;
  std::vector<std::string> no_exec;           ///< targets of the plan's noexec mounts
  std::vector<contract::EngineMount> mounts;  ///< all of the above that mountinfo will show
};

/// Reads the host; changes nothing. Paths that this kernel does not have are left out.
Layout survey(const contract::Plan& plan);

/// Where a host path shows inside, by the binds of `layout` and the plan: none, one or several.
std::vector<std::string> visible_at(const std::string& host_path,
                                    const Layout& layout,
                                    const contract::Plan& plan);

/// Whether `path` is `directory` or below it.
bool is_within(const std::string& path, const std::string& directory);

}  // namespace paddock::bubblewrap
