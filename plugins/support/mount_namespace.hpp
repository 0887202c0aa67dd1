// The way into a sandbox's mounts, to change them from outside.
#pragma once

#include <utility>

#include "support/namespace.hpp"

namespace paddock::support {

class MountNamespace : public Namespace {
 public:
  /// As Namespace::of().
  static Result<MountNamespace> of(pid_t pid);

  /// As enter(), and takes along a detached copy of the mount at the caller's `path`, in `copy`.
  bool enter_with(const char* path, int& copy) const;

 private:
  explicit MountNamespace(Namespace self) : Namespace(std::move(self)) {}
};

}  // namespace paddock::support
