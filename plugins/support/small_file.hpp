// Small files of the kernel: read and written whole. [any thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paddock::support {

/// All of a file, or nullopt with errno set.
std::optional<std::string> read_small_file(const std::string& path);

/// One write(2) of `text` to an existing file: 0 or errno.
int write_small_file(const std::string& path, std::string_view text);

/// A /proc or /sys file that holds one number; nullopt when it is absent or holds something else.
std::optional<long long> read_number(const std::string& path);

/// What stands between blanks and line ends. A stream would do, but the C++ library's streams and
/// locales would make up half of a plugin that is linked statically, and of its loading time.
std::vector<std::string> words_of(std::string_view text);

}  // namespace paddock::support
