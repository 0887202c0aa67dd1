// What a type cannot say of a value: absolute paths, names. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/node.hpp"
#include "profile/problems.hpp"

namespace paddock::profile {

/// [process]; with `expanded` no variable is left, and "${" is only text.
void check_process_forms(const Node& table, bool expanded, Problems& problems);
/// [backend].
void check_backend_forms(const Node& table, Problems& problems);
void check_network_forms(const Node& table, bool expanded, Problems& problems);
/// What an entry of [[mounts]] says of a volume.
void check_volume(const Node& entry, bool expanded, Problems& problems);

/// "'NAME' is not WHAT", with `name` shortened and escaped.
void add_bad_name(Problems& problems,
                  const SourcePos& where,
                  std::string_view name,
                  const std::string& what,
                  const std::string& hint);

void check_image_forms(const Node& table, Problems& problems);

}  // namespace paddock::profile
