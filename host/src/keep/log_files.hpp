// A log directory holds parts 00000001.log, 00000002.log, …: the writer begins a new one when the
// last is full and removes the oldest, so that all of them stay below a limit. [any thread]
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace paddock::keep {

/// A limit is spread over so many parts.
inline constexpr std::uint64_t kLogParts = 4;

std::string part_name(std::uint64_t number);
/// Numbers of the parts in the directory that `fd` is open on, the oldest first.
std::vector<std::uint64_t> list_parts(int fd);

}  // namespace paddock::keep
