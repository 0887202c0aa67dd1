#include "paddock/contract/mount_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#ifndef __APPLE__
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>
#endif

namespace paddock::contract {

int open_mount_source(const std::string& path) {
#ifdef __APPLE__
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW_ANY);
#else
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how));
#endif
}

std::optional<FileIdentity> identity_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    return std::nullopt;
  }
  return FileIdentity{static_cast<std::uint64_t>(status.st_dev),
                      static_cast<std::uint64_t>(status.st_ino)};
}

}  // namespace paddock::contract
