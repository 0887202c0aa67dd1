// Which folder a profile that is nobody's own may call its own.
#pragma once

#include <filesystem>

#include "profile/profile.hpp"

namespace paddock::profile {

/// `directory` (links resolved), in which such a profile lies, when the file can be taken to have
/// come with it, as in a repository; else empty. No: the home, what holds it or is hidden in it,
/// the folders that a desktop keeps there for all kinds of files, and where others can write.
std::filesystem::path own_folder(const std::filesystem::path& directory, const Context& context);

}  // namespace paddock::profile
