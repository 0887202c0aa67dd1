#include "support/engine/shown_terminal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "support/engine/pinned.hpp"
#include "support/mount_calls.hpp"

namespace paddock::engine {

Result<ShownTerminal> ShownTerminal::find(int fd) {
  std::array<char, 64> path{};
  struct stat found {};
  if (const int error = ::ttyname_r(fd, path.data(), path.size()); error != 0) {
    return fail_errno(error, "cannot find the workload's terminal");
  }
  if (::fstat(fd, &found) != 0) {
    return fail_errno(errno, "cannot look at the workload's terminal");
  }
  ShownTerminal terminal;
  terminal.path_ = path.data();
  terminal.identity_ = {found.st_dev, found.st_ino};
  return terminal;
}

bool ShownTerminal::enter(const support::MountNamespace& inside) const {
  int copy = -1;
  if (!inside.enter_with(path_.c_str(), copy) || !is_pinned(copy, identity_) ||
      !support::change_mount(AT_FDCWD, "/dev", {0, MOUNT_ATTR_RDONLY, 0, 0})) {
    return false;
  }
  const int place = ::open(kConsole, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  return place >= 0 && ::close(place) == 0 &&  // what is open for writing does not get read-only
         support::attach_mount(copy, kConsole);
}

}  // namespace paddock::engine
