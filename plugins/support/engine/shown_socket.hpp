// The way in for the gate of an exec: the socket that it takes its descriptors over is in the
// container for that moment only.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::engine {

/// A socket of the host's that shows in the running container, at kSocketTarget, while this lives.
class ShownSocket {
 public:
  static Result<ShownSocket> show(pid_t pid, const std::string& socket);
  ShownSocket(ShownSocket&&) noexcept = default;
  ShownSocket& operator=(ShownSocket&&) = delete;
  ~ShownSocket();

 private:
  explicit ShownSocket(support::UniqueFd mount_ns) : mount_ns_(std::move(mount_ns)) {}
  support::UniqueFd mount_ns_;
};

}  // namespace paddock::engine
