#include "support/engine/shown_socket.hpp"

#include <cerrno>

#include "support/engine/request.hpp"
#include "support/lent_memory.hpp"
#include "support/mount_calls.hpp"

namespace paddock::engine {

Result<ShownSocket> ShownSocket::show(pid_t pid, const std::string& socket) {
  auto inside = support::MountNamespace::of(pid);
  if (!inside) {
    return fail_as(inside);
  }
  const int error = support::run_in_lent_memory([&] {
    int copy = -1;
    const bool shown =
        inside->enter_with(socket.c_str(), copy) && support::attach_mount(copy, kSocketTarget);
    return shown ? 0 : errno;
  });
  if (error != 0) {
    return fail_errno(error > 0 ? error : errno, "cannot show a socket in the container");
  }
  return ShownSocket(std::move(*inside));
}

ShownSocket::~ShownSocket() {
  if (inside_) {
    support::run_in_lent_memory(
        [&] { return inside_->enter() && support::detach_mount(kSocketTarget) ? 0 : 1; });
  }
}

}  // namespace paddock::engine
