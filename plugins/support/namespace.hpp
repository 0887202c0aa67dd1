// A namespace of a sandbox's, to be changed from outside. Where it belongs to another user
// namespace than ours, that one is joined first: whoever made it, be it an ordinary user, has every
// capability there, and over what belongs to it nowhere else. user_namespaces(7).
#pragma once

#include <sys/types.h>

#include <utility>

#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::support {

class Namespace {
 public:
  /// That of process `pid`; `kind` is its name in /proc/PID/ns. Errors: kSystem, for a process that
  /// this user may not look into.
  static Result<Namespace> of(pid_t pid, const char* kind);

  /// Whether user ids inside are not those of the caller's user namespace.
  bool has_own_users() const { return static_cast<bool>(user_ns_); }

  /// Moves the calling process in. For a child of its own (lent_memory.hpp) [async-signal-safe];
  /// false with errno.
  bool enter() const { return join_users() && join(); }

 protected:
  bool join_users() const;
  bool join() const;

 private:
  Namespace(UniqueFd user_ns, UniqueFd self)
      : user_ns_(std::move(user_ns)), self_(std::move(self)) {}

  UniqueFd user_ns_;  ///< none: it is the caller's
  UniqueFd self_;
};

}  // namespace paddock::support
