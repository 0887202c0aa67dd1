#pragma once

namespace paddock::cli {

/// Whether LC_ALL, LC_CTYPE or LANG says that the terminal takes more than ASCII.
bool is_utf8_locale();

}  // namespace paddock::cli
