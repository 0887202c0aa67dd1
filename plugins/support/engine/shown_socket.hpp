// The way in for the gate of an exec: the socket that it takes its descriptors over is in the
// container for that moment only.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

#include "paddock/contract/result.hpp"
#include "support/mount_namespace.hpp"

namespace paddock::engine {

/// A socket of the host's that shows in the running container, at kSocketTarget, while this lives.
class ShownSocket {
 public:
  static Result<ShownSocket> show(pid_t pid, const std::string& socket);
  ShownSocket(ShownSocket&& other) noexcept : inside_(std::exchange(other.inside_, std::nullopt)) {}
  ShownSocket& operator=(ShownSocket&&) = delete;
  ~ShownSocket();

 private:
  explicit ShownSocket(support::MountNamespace inside) : inside_(std::move(inside)) {}
  std::optional<support::MountNamespace> inside_;
};

}  // namespace paddock::engine
