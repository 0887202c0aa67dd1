// Mounts of another process's namespace, by the calls that glibc of Debian 12 does not know.
#pragma once

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

namespace paddock::engine {

/// The mount namespace of process `pid`, for setns(2).
Result<support::UniqueFd> open_mount_ns(pid_t pid);

/// A detached copy of the mount at `path`, relative to `at` where it is not absolute; "" is `at`
/// itself. -1 with errno.
inline int copy_mount(int at, const char* path) {
  const unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
  return static_cast<int>(::syscall(SYS_open_tree, at, path, flags));
}

/// Attaches a copy at `target`.
inline bool attach_mount(int copy, const char* target) {
  return ::syscall(SYS_move_mount, copy, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

/// With everything below it, as soon as nobody uses it.
inline bool detach_mount(const char* target) {
  return ::syscall(SYS_umount2, target, MNT_DETACH) == 0;
}

}  // namespace paddock::engine
