// Files of /etc that an engine makes itself and leaves empty in the image: each is shown as a
// mount of its own, on a tmpfs that is seen nowhere else.
#pragma once

#include <string>
#include <vector>

#include "paddock/contract/plan.hpp"
#include "support/etc_files.hpp"

namespace paddock::engine {

/// Of the files that every sandbox has, those that engines put one of their own over.
std::vector<support::MadeFile> files_to_show(const contract::Plan& plan);

/// Those that are shown to a kernel in user space, which keeps the engine's own /etc/hostname: an
/// image's root cannot be written to behind its back.
std::vector<support::MadeFile> files_to_bring(const contract::Plan& plan);

/// In the container's mount namespace, where /sys is free to be mounted on for a moment: the path
/// that cannot be shown, with errno, or null. Only makes system calls.
const char* show_files(const std::vector<support::MadeFile>& files);

}  // namespace paddock::engine
