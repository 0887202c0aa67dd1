// Host paths and mount targets that no profile may name, however trusted: FS06, FS07 and FS10 of
// the threat model. Paths are judged by what they are, lie in, and hold.
#pragma once

#include <optional>
#include <string>

#include "profile/profile.hpp"

namespace paddock::profile {

/// Why the host path `real` (absolute, links resolved) may not be mounted: "is a system directory",
/// or nullopt.
std::optional<std::string> why_forbidden_source(const std::string& real, const Context& context);

/// A verdict in words: "holds '/usr', ...", and what the user can do.
struct Objection {
  std::string why, hint;
};

/// Why no sandbox may write `real`, though it may read it; or nullopt.
std::optional<Objection> why_never_writable(const std::string& real, const Context& context);

/// Why `real` is no workspace, though a profile may mount it by name; or nullopt. A link planted in
/// a project may have led the user there.
std::optional<std::string> why_no_workspace(const std::string& real, const Context& context);

/// Why nothing may be mounted at `target`, or nullopt. `target` is as the profile wrote it.
std::optional<std::string> why_forbidden_target(const std::string& target);

/// Whether a part of `path` is "..".
bool climbs(const std::string& path);

/// `path` without "." and repeated or trailing '/'; absolute.
std::string normal_path(const std::string& path);

/// `path` with all links resolved. With `must_exist`, kPathMissing where it does not; nothing is
/// ever created. `anchor`, a path without links, is one where the user stands or what a profile
/// names: where `path` lies in it, a link that was put there since is not followed: kForbiddenPath.
Result<std::string> real_path(const std::string& path,
                              bool must_exist,
                              const std::filesystem::path& anchor = {});

}  // namespace paddock::profile
