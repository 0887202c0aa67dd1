#include "os/beneath.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

namespace paddock::os {
namespace {

UniqueFd open_by(int folder, const std::string& path, int flags, mode_t mode, std::uint64_t how) {
  open_how request{};
  request.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  if ((flags & O_PATH) == 0) {
    request.flags |= O_NONBLOCK | O_NOCTTY;
  }
  request.mode = mode;
  request.resolve = how;
  return UniqueFd(
      static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &request, sizeof request)));
}

}  // namespace

UniqueFd open_beneath(int folder, const std::string& path, int flags, mode_t mode) {
  return open_by(folder, path, flags, mode,
                 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
}

UniqueFd open_without_links(const std::string& path, int flags) {
  return open_by(AT_FDCWD, path, flags, 0, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
}

bool is_entry_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

}  // namespace paddock::os
