// Which names profiles may hold, and how a name is shown. Pure.
#pragma once

#include <string>
#include <string_view>

namespace paddock::profile {

/// A workspace folder: [A-Za-z0-9][A-Za-z0-9._-]{0,62}, no "..".
bool is_folder_name(std::string_view text);

/// An environment variable: [A-Za-z_][A-Za-z0-9_]{0,127}.
bool is_variable_name(std::string_view text);

/// A host name: labels of [A-Za-z0-9-], 64 bytes at most (sethostname(2)).
bool is_hostname(std::string_view text);

/// `text` for an error message: printable, and everything beyond ASCII as \u0441, so that a letter
/// that only looks right is seen.
std::string shown(std::string_view text);

/// Whether `text` holds a control, bidi, zero-width or invalid character.
bool is_deceptive_text(std::string_view text);

}  // namespace paddock::profile
