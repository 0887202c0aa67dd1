// The vocabulary of protections: named things that must hold in a sandbox. Names are stable;
// third parties add reverse-DNS ones ("org.example.thing").
#pragma once

#include <string_view>

namespace paddock::contract {

struct Protection {
  std::string_view name;
  std::string_view meaning;   ///< one line for people
  std::string_view evidence;  ///< what kernel state and which probes show it
};

inline constexpr Protection kProtections[] = {
    {"isolation", "the sandbox is apart from the host's kernel as asked for",
     "namespaces of its own; for `user-kernel` the host's kernel does not run the gate, nor answer "
     "uname(2) or /proc/version inside; nothing shows `vm`"},
    {"process.start", "the command starts with the declared arguments, environment and init",
     "the gate holds them, and its release brings no others"},
    {"process.cwd", "the command starts in the declared directory",
     "the workload's user enters it"},
    {"no-new-privs", "no program gains privileges by being executed",
     "NoNewPrivs in /proc/PID/status; a setuid attempt"},
    {"capabilities", "only the kept capabilities exist, in all five sets",
     "Cap* in /proc/PID/status; chroot(2) is refused"},
    {"user", "the workload is the declared user, not root, and holds no group of the host",
     "Uid, Gid, Groups and uid_map of /proc/PID; setuid(0) is refused"},
    {"namespaces",
     "mount, PID, network, IPC, UTS and cgroup namespaces are the sandbox's own; the user "
     "namespace "
     "is, or gives no capability; and the workload can make no user namespace",
     "/proc/PID/ns differ from the host's; unshare(2), clone(2) and clone3(2) with CLONE_NEWUSER "
     "are "
     "refused"},
    {"rootfs.host", "programs are the host's own", "device and inode of /usr"},
    {"rootfs.image", "programs are the image's, and no other image's nor the host's",
     "the root is a file system of its own, no directory of programs is the host's; which image, "
     "by "
     "the engine's word"},
    {"rootfs.read-only", "nothing outside declared mounts can be written",
     "mountinfo; creating a file fails in /, /usr and /etc and succeeds in scratch space"},
    {"mounts.declared-only", "no mount but the declared ones and the backend's vetted ones",
     "mountinfo equals the plan; device and inode of each source"},
    {"mounts.read-only", "read-only mounts cannot be written",
     "mountinfo; creating a file fails with EROFS, listing succeeds"},
    {"mounts.writable", "writable mounts can be written by the workload's user",
     "an unnamed file is created on each"},
    {"mounts.volume", "a named volume is the one of that name, and outlives the sandbox",
     "device and inode of the place that the backend keeps it in"},
    {"kernel-paths.masked", "masked kernel paths show nothing", "reading each gives nothing"},
    {"kernel-paths.read-only", "kernel settings cannot be written",
     "opening each for writing is refused, for reading succeeds"},
    {"host-paths.hidden", "hidden host directories are absent or empty inside",
     "an existing entry of each cannot be opened; a visible file can"},
    {"devices.minimal", "only harmless devices exist and none can be made",
     "mknod(2) is refused, /dev/null opens"},
    {"descriptors.closed", "the workload inherits no descriptor but its three, none a directory",
     "/proc/PID/fd; opening '.' in each of the three is refused"},
    {"process.limits", "rlimits hold and cannot be raised",
     "/proc/PID/limits; raising a hard limit is refused, lowering succeeds"},
    {"process.umask", "the file mode creation mask is the declared one",
     "Umask in /proc/PID/status"},
    {"process.session", "the workload has a session and terminal of its own",
     "session id and controlling terminal in /proc/PID/stat; each descriptor that is a terminal "
     "is its own"},
    {"cgroup.memory", "memory is limited", "the cgroup's limit and its members, or the rlimit"},
    {"cgroup.cpu", "CPU time is limited", "the cgroup's quota and its members"},
    {"cgroup.pids", "processes and threads are limited",
     "the cgroup's limit and its members, or the rlimit"},
    {"disk.limited", "the sandbox's own writable space is limited", "size option of each tmpfs"},
    {"network.none", "there is no network but loopback",
     "interfaces of the namespace; a route to anywhere else is refused, loopback works"},
    {"network.isolated", "there is one network besides loopback, and it is the sandbox's own",
     "interfaces of the namespace; who else is on it, by the backend's word"},
    {"egress.none", "nothing outside the sandbox can be reached",
     "routes and IPv6 addresses of the namespace; a route to anywhere else, by any device, and to "
     "an engine's resolver is refused, loopback works"},
    {"egress.unrestricted", "the network leads out, without any restriction of paddock's",
     "a default route of the namespace"},
    {"network.published", "the declared ports lead into the sandbox, and no others",
     "the backend's word"},
};

/// What other values of the plan's choices promise. Nothing of this version can prove them, so a
/// launch that asks for one is refused; a backend's `probe` says why, and what to do instead.
inline constexpr Protection kUnproved[] = {
    {"network.bridge", "a network that leads out", "nothing in this version"},
    {"egress.private-ranges", "no private, link-local or local address can be reached",
     "nothing in this version"},
};

/// The row of either table, or null.
constexpr const Protection* find_protection(std::string_view name) {
  for (const Protection& row : kProtections) {
    if (row.name == name) {
      return &row;
    }
  }
  for (const Protection& row : kUnproved) {
    if (row.name == name) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace paddock::contract
