#include "os/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace paddock::os {
namespace {

Result<UniqueFd> open_lock(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) {
    return fail_errno(errno, "cannot open lock '" + path.string() + "'");
  }
  return fd;
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::filesystem::path& path) {
  return wait_for(path, LOCK_EX);
}

Result<FileLock> FileLock::share(const std::filesystem::path& path) {
  return wait_for(path, LOCK_SH);
}

Result<FileLock> FileLock::wait_for(const std::filesystem::path& path, int operation) {
  auto fd = open_lock(path);
  if (!fd) {
    return fail_as(fd);
  }
  while (::flock(fd->get(), operation) != 0) {
    if (errno != EINTR) {
      return fail_errno(errno, "cannot lock '" + path.string() + "'");
    }
  }
  return FileLock(std::move(*fd));
}

Result<std::optional<FileLock>> FileLock::try_acquire(const std::filesystem::path& path) {
  auto fd = open_lock(path);
  if (!fd) {
    return fail_as(fd);
  }
  if (::flock(fd->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return std::optional<FileLock>{};
    }
    return fail_errno(errno, "cannot lock '" + path.string() + "'");
  }
  return std::optional<FileLock>{FileLock(std::move(*fd))};
}

}  // namespace paddock::os
