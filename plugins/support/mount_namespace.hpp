// The way into a sandbox's mounts, to change them from outside. Where its mount namespace belongs
// to another user namespace than ours, that one is joined first: whoever made it, be it an ordinary
// user, has every capability there, and over those mounts nowhere else. user_namespaces(7).
#pragma once

#include <sys/types.h>

#include <utility>

#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::support {

class MountNamespace {
 public:
  /// That of process `pid`. Errors: kSystem, for a process that this user may not look into.
  static Result<MountNamespace> of(pid_t pid);

  /// Whether user ids inside are not those of the caller's user namespace.
  bool has_own_users() const { return static_cast<bool>(user_ns_); }

  /// Moves the calling process in. For a child of its own (lent_memory.hpp) [async-signal-safe];
  /// false with errno.
  bool enter() const;
  /// The same, and takes along a detached copy of the mount at the caller's `path`, in `copy`.
  bool enter_with(const char* path, int& copy) const;

 private:
  MountNamespace(UniqueFd user_ns, UniqueFd mount_ns)
      : user_ns_(std::move(user_ns)), mount_ns_(std::move(mount_ns)) {}
  bool join_users() const;

  UniqueFd user_ns_;  ///< none: it is the caller's
  UniqueFd mount_ns_;
};

}  // namespace paddock::support
