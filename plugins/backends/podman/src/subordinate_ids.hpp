// What a user needs for containers of Podman's: ids beside the own one, subuid(5), and the programs
// that map them, newuidmap(1).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "support/engine/owner.hpp"

namespace paddock::podman {

/// Whether `file`, of the format of /etc/subuid, gives a range to the user of that name or number.
bool gives_range(std::string_view file, std::string_view name, uid_t uid);

/// Why this user has none here; nothing: there are some, or who gives them is no file.
std::optional<engine::Obstacle> subordinate_ids_obstacle();

}  // namespace paddock::podman
