// Files that must be read whole, bounded, or replaced atomically.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::os {

/// The whole of a regular file of at most `limit` bytes; opened without blocking on FIFOs and
/// devices, which are refused. Errors: kSystem, kFileTooLarge.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 1 << 20);

/// The same from an open descriptor, from its current offset.
Result<std::string> read_fd(int fd, std::size_t limit, std::string_view name);

/// Reads a small kernel file (/proc, /sys, cgroup), whose stat size says nothing.
Result<std::string> read_kernel_file(const std::filesystem::path& path);

/// Replaces `path` by write-temp and rename in the same directory; mode 0600. With `durable`,
/// both file and directory are fsynced before it returns.
Result<void> write_atomic(const std::filesystem::path& path,
                          std::string_view content,
                          bool durable = true,
                          mode_t mode = 0600);

/// Creates `path` and its parents with mode 0700 where missing; an existing last component is
/// checked as by check_private_dir().
Result<void> make_private_dir(const std::filesystem::path& path);

/// Refuses an existing `path` that is a link, no directory, not ours, or open to others.
Result<void> check_private_dir(const std::filesystem::path& path);

/// Names in a directory, sorted, without "." and "..".
Result<std::vector<std::string>> list_dir(const std::filesystem::path& path);

}  // namespace paddock::os
