// Binds the plan's mounts to files instead of names.
#pragma once

#include "plan/plan.hpp"

namespace paddock::plan {

/// Writes into every bind which file its source is. The paths were judged with the profile, their
/// links resolved: whoever puts a link there now is refused (kForbiddenPath), as is what became
/// neither file nor folder. All problems together. [opens each source, and closes it]
Result<void> pin_sources(Draft& draft);

/// Which directory `path` is, where no link is a part of it. Errors: kForbiddenPath.
Result<contract::FileIdentity> identify_directory(const std::string& path);

}  // namespace paddock::plan
