// One lock per sandbox, by flock(2): it dies with its holder.
#pragma once

#include <filesystem>
#include <optional>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::os {

class FileLock {
 public:
  /// Takes the lock on `path` (created 0600), waiting for it. Errors: kSystem.
  static Result<FileLock> acquire(const std::filesystem::path& path);
  /// The same, which any number may hold at once, and nobody acquires meanwhile.
  static Result<FileLock> share(const std::filesystem::path& path);
  /// Empty when somebody else holds it.
  static Result<std::optional<FileLock>> try_acquire(const std::filesystem::path& path);

 private:
  static Result<FileLock> wait_for(const std::filesystem::path& path, int operation);
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace paddock::os
