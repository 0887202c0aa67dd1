#include "support/engine/shown_socket.hpp"

#include <sched.h>

#include <cerrno>

#include "support/engine/mount_ns.hpp"
#include "support/engine/request.hpp"
#include "support/lent_memory.hpp"

namespace paddock::engine {

Result<ShownSocket> ShownSocket::show(pid_t pid, const std::string& socket) {
  auto mount_ns = open_mount_ns(pid);
  const support::UniqueFd copy(copy_mount(AT_FDCWD, socket.c_str()));
  if (!mount_ns || !copy) {
    return mount_ns ? fail_errno(errno, "cannot take '" + socket + "'") : fail_as(mount_ns);
  }
  const int error = support::run_in_lent_memory([&] {
    const bool shown =
        ::setns(mount_ns->get(), CLONE_NEWNS) == 0 && attach_mount(copy.get(), kSocketTarget);
    return shown ? 0 : errno;
  });
  if (error != 0) {
    return fail_errno(error > 0 ? error : errno, "cannot show a socket in the container");
  }
  return ShownSocket(std::move(*mount_ns));
}

ShownSocket::~ShownSocket() {
  if (mount_ns_) {
    support::run_in_lent_memory([&] {
      return ::setns(mount_ns_.get(), CLONE_NEWNS) == 0 && detach_mount(kSocketTarget) ? 0 : 1;
    });
  }
}

}  // namespace paddock::engine
