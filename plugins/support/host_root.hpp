// A root file system out of the host's own programs, for backends that run no image: which parts
// of the host show inside beside the plan's own mounts, and which of them are covered.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "paddock/contract/plan.hpp"

namespace paddock::support {

using PathPair = std::pair<std::string, std::string>;  ///< source on the host, target inside

struct HostRoot {
  std::vector<PathPair> binds;         ///< read-only binds of the host's system
  std::vector<PathPair> links;         ///< link text and the link's path inside
  std::vector<std::string> copies;     ///< small files of the host's /etc, copied into the root
  std::vector<std::string> read_only;  ///< kernel paths bound onto themselves, read-only
  std::vector<std::string> covered_files;
  std::vector<std::string> covered_directories;
  std::vector<std::string> no_exec;  ///< targets of the plan's noexec mounts
};

/// Reads the host; changes nothing. Paths that this kernel does not have are left out.
HostRoot survey_host_root(const contract::Plan& plan);

/// Where a host path shows inside, by the binds of `root` and the plan: none, one or several.
std::vector<std::string> visible_at(const std::string& host_path,
                                    const HostRoot& root,
                                    const contract::Plan& plan);

/// Whether `path` is `directory` or below it.
bool is_within(const std::string& path, const std::string& directory);

}  // namespace paddock::support
