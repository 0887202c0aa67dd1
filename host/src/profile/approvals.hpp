// The file of approved digests: one "sha256:... PATH" a line. Only the user's own hand adds lines.
#pragma once

#include <string>

#include "profile/profile.hpp"

namespace paddock::profile {

/// Whether anything was ever approved; saves the work of computing a digest.
bool has_approvals(const Context& context);
/// Whether `digest` stands in the file. A file that others may write, or of another owner, counts
/// as absent.
bool is_approved(const std::string& digest, const Context& context);
/// Adds a line, after any other paddock that is at it. Errors: kUntrusted (a file that counts as
/// absent is not written over), kSystem.
Result<void> add_approval(const std::string& digest,
                          const std::string& path,
                          const Context& context);

}  // namespace paddock::profile
