// Opening files that only root or the current user can have written. Every check is made on the
// open descriptor, so that nothing can be exchanged between check and use. [any thread]
#pragma once

#include <filesystem>
#include <string>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plugin {

/// Opens the search directory `path`, an absolute path. Its parents may be links; every directory
/// that is passed on the way must belong to root or the current user and be closed to the writes
/// of others (a sticky directory such as /tmp is as good). Errors: kPluginTrust, kSystem.
Result<os::UniqueFd> open_trusted_search_dir(const std::filesystem::path& path);

/// Opens `name` (one component, never a link) in the open directory `parent`. `shown` is its path
/// in messages. Owner root or the current user, no write permission for group or others.
/// Errors: kPluginTrust, kSystem.
Result<os::UniqueFd> open_trusted_dir(int parent,
                                      const std::string& name,
                                      const std::filesystem::path& shown);
/// The same for a regular file, opened for reading without blocking on FIFOs and devices.
Result<os::UniqueFd> open_trusted_file(int parent,
                                       const std::string& name,
                                       const std::filesystem::path& shown);

/// Opens host.toml at `path`, which may be a link. Owner and mode as above, of the file that it
/// leads to. Errors: kPluginTrust, kSystem.
Result<os::UniqueFd> open_host_file(const std::filesystem::path& path);

}  // namespace paddock::plugin
