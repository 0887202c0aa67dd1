// Looking through the search path: directories and manifests only, no library. [any thread]
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/result.hpp"
#include "plugin/manifest.hpp"
#include "plugin/registry.hpp"

namespace paddock::plugin {

/// What tells one version of a manifest file from another.
struct FileStamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t mtime_s = 0, mtime_ns = 0, ctime_s = 0, ctime_ns = 0;
  bool operator==(const FileStamp&) const = default;
};

/// A directory in the search path that holds something called manifest.toml.
struct Candidate {
  std::string id;  ///< the directory's name
  std::filesystem::path manifest;
  Mode mode = Mode::kChildProcess;
  FileStamp stamp;
};

/// Every plugin directory, the first of each id, sorted by id. A search directory that does not
/// exist holds none. Links count: they are refused when something is read.
std::vector<Candidate> scan(const std::vector<SearchPath>& search);

/// Those of later directories whose id an earlier one has, sorted by id.
std::vector<Shadowed> find_shadowed(const std::vector<SearchPath>& search);

/// The one candidate of `id`, if there is one. `id` may be any text.
std::optional<Candidate> locate(const std::vector<SearchPath>& search, std::string_view id);

/// The text of a candidate's manifest; never follows a link in its last two components.
/// Errors: kPluginTrust, kFileTooLarge, kSystem.
Result<std::string> read_manifest(const Candidate& candidate);

/// Reads and parses.
Result<Manifest> parse_candidate(const Candidate& candidate);

}  // namespace paddock::plugin
