// The source of a bind mount, opened and named in one way on both sides of the boundary: a path is
// a string that somebody may point elsewhere, a descriptor is not (BCK-13).
#pragma once

#include <optional>
#include <string>

#include "paddock/contract/plan.hpp"

namespace paddock::contract {

/// A descriptor (O_PATH, close-on-exec) of what is at `path`, with no link followed on the way; the
/// caller owns it. -1 with errno: ELOOP where a part of the path is a link. [any thread]
int open_mount_source(const std::string& path);

/// Which file `fd` is open on; nullopt with errno. [any thread]
std::optional<FileIdentity> identity_of(int fd);

}  // namespace paddock::contract
