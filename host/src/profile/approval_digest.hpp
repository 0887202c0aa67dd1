// What an approval is bound to. Pure; [any thread].
#pragma once

#include <filesystem>
#include <string>

#include "profile/profile.hpp"

namespace paddock::profile {

/// Of the fully resolved profile: where it lies, the bytes of every layer, and every value with the
/// defaults of what no layer sets, those of the plugins that it names included. "sha256:...".
std::string approval_digest(const std::filesystem::path& place,
                            const Profile& profile,
                            const Context& context);

}  // namespace paddock::profile
