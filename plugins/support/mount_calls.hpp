// Calls on mounts that glibc of Debian 12 does not know. All of them are async-signal-safe, and
// leave their error in errno.
#pragma once

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

namespace paddock::support {

/// A detached copy of the mount at `path`, which belongs to the caller's mount namespace; -1.
inline int copy_mount(const char* path) {
  const unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
  return static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, path, flags));
}

/// The same of what is open as `at`.
inline int copy_opened_mount(int at) {
  const unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
  return static_cast<int>(::syscall(SYS_open_tree, at, "", flags));
}

/// Attaches a copy at `target`.
inline bool attach_mount(int copy, const char* target) {
  return ::syscall(SYS_move_mount, copy, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

/// mount_setattr(2) of the mount at `path`, or of what `at` itself is where that is "".
inline bool change_mount(int at, const char* path, const mount_attr& wanted) {
  return ::syscall(SYS_mount_setattr, at, path, AT_EMPTY_PATH, &wanted, sizeof wanted) == 0;
}

/// With everything below it, as soon as nobody uses it.
inline bool detach_mount(const char* target) {
  return ::syscall(SYS_umount2, target, MNT_DETACH) == 0;
}

}  // namespace paddock::support
