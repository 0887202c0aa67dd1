#include "support/engine/mount_ns.hpp"

#include <cerrno>
#include <string>

namespace paddock::engine {

Result<support::UniqueFd> open_mount_ns(pid_t pid) {
  const std::string link = "/proc/" + std::to_string(pid) + "/ns/mnt";
  support::UniqueFd fd(::open(link.c_str(), O_RDONLY | O_CLOEXEC));
  return fd ? Result<support::UniqueFd>(std::move(fd))
            : fail_errno(errno, "cannot open the container's mount namespace");
}

}  // namespace paddock::engine
