// What can be written and what cannot. The trials use unnamed files (O_TMPFILE): nothing
// appears in anybody's directory, even where a protection is broken.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>

#include "base/digest.hpp"
#include "paddock/contract/leaves.hpp"
#include "proof/trials.hpp"

namespace paddock::proof {
namespace {

/// Without unnamed files, as in gVisor, the question alone has to do.
ProbeCall create_in(const View& view, const std::string& directory) {
  return view.guest
             ? ProbeCall{SYS_faccessat, {integer(AT_FDCWD), text(directory), integer(W_OK | X_OK)}}
             : open_call(directory, O_TMPFILE | O_WRONLY);
}

std::string leaf_of(const std::string& target) {
  return "/mounts/" + contract::escape_pointer(target);
}

bool is_kind(const View& view, const std::string& path, mode_t kind) {
  const auto inside = view.root ? view.root->stat(path) : std::nullopt;
  return inside && (inside->st_mode & S_IFMT) == kind;
}

/// What keeps the refused writes honest: a place where the same call succeeds.
std::string add_scratch_twin(const View& view, Trials& trials, std::string_view leaf) {
  const std::string scratch = scratch_of(view);
  return scratch.empty()
             ? trials.must_succeed(leaf, "list '/'", {open_call("/", O_RDONLY | O_DIRECTORY)})
             : trials.must_be_writable(view, leaf, "create a file in '" + scratch + "'",
                                       {create_in(view, scratch)});
}

void try_root(const View& view, Trials trials) {
  constexpr std::string_view kLeaf = "/rootfs/read_only";
  const std::string twin = add_scratch_twin(view, trials, kLeaf);
  for (const std::string path : {"/", "/usr", "/etc"}) {
    if (is_kind(view, path, S_IFDIR) && !view.plan().mounts.contains(path)) {
      trials.must_fail(kLeaf, "create a file in '" + path + "'", {create_in(view, path)},
                       read_only_errors(view), twin);
    }
  }
  const std::string look = trials.must_succeed(kLeaf, "look at the file system of '/'",
                                               {{SYS_statfs, {text("/"), output(512)}}});
  trials.must_fail(
      kLeaf, "remount '/' writable",
      {{SYS_mount, {text("none"), text("/"), "i0", integer(MS_REMOUNT | MS_BIND), "i0"}}}, {EPERM},
      look);
}

void try_read_only(Trials& trials, const View& view, const std::string& target) {
  const std::string leaf = leaf_of(target);
  if (is_kind(view, target, S_IFDIR)) {
    const std::string twin = trials.must_succeed(leaf, "list '" + target + "'",
                                                 {open_call(target, O_RDONLY | O_DIRECTORY)});
    trials.must_fail(leaf, "create a file in '" + target + "'", {create_in(view, target)},
                     read_only_errors(view), twin);
  } else if (is_kind(view, target, S_IFREG)) {
    const std::string twin =
        trials.must_succeed(leaf, "open '" + target + "'", {open_call(target, O_PATH)});
    trials.must_fail(leaf, "change the time of '" + target + "'", {touch_call(target)},
                     read_only_errors(view), twin);
  }
}

void try_writable(Trials& trials, const View& view, const std::string& target) {
  if (is_kind(view, target, S_IFREG)) {
    trials.must_be_writable(view, leaf_of(target), "open '" + target + "' for writing",
                            {open_call(target, O_WRONLY)});
  } else {
    trials.must_be_writable(view, leaf_of(target), "create a file in '" + target + "'",
                            {create_in(view, target)});
  }
}

void try_new_mount(const View& view, Trials trials) {
  const std::string scratch = scratch_of(view);
  const std::string target = scratch.empty() ? "/" : scratch;
  const std::string twin = trials.must_succeed("", "look at the file system of '" + target + "'",
                                               {{SYS_statfs, {text(target), output(512)}}});
  trials.must_fail("", "mount a tmpfs on '" + target + "'",
                   {{SYS_mount, {text("none"), text(target), text("tmpfs"), "i0", "i0"}}}, {EPERM},
                   twin);
}

/// A device in the workload's own space, under a name that it cannot have taken; taken away at
/// once where it could be made. A directory that the workload has closed refuses before the kernel
/// asks for the capability.
/// gVisor lets everybody make nodes, all of them for devices of its own. One of the host's memory
/// leads nowhere.
void try_guest_devices(Trials& trials, const std::string& path, const std::string& twin) {
  const auto memory = static_cast<long>(makedev(1, 1));
  Trial& trial = trials.must_fail(
      "", "open a device node made for the host's memory",
      {{SYS_mknodat, {integer(AT_FDCWD), text(path), integer(S_IFCHR | 0600), integer(memory)}},
       open_call(path, O_RDWR)},
      {EPERM, ENXIO, ENODEV}, twin);
  trial.decisive = 1;
  trial.earlier_will_do = true;
  trials.must_succeed("", "take the node away",
                      {{SYS_unlinkat, {integer(AT_FDCWD), text(path), "i0"}}});
  trials.last().excused = {ENOENT};
  trials.last().excuse = "none could be made";
}

void try_devices(const View& view, Trials trials) {
  const std::string twin =
      trials.must_succeed("", "open '/dev/null'", {open_call("/dev/null", O_RDWR)});
  const std::string scratch = scratch_of(view);
  const std::string path = (scratch.empty() ? "" : scratch) + "/.paddock-" + random_hex(8);
  if (view.guest) {
    return try_guest_devices(trials, path, twin);
  }
  const auto device = static_cast<long>(makedev(1, 3));
  std::vector<int> errors = {EPERM};
  if (scratch.empty()) {
    errors.push_back(EROFS);
  } else if (view.subject.handed_over) {
    errors.push_back(EACCES);
  }
  trials.must_fail(
      "", "make a device node in '" + (scratch.empty() ? "/" : scratch) + "'",
      {{SYS_mknodat, {integer(AT_FDCWD), text(path), integer(S_IFCHR | 0600), integer(device)}},
       {SYS_unlinkat, {integer(AT_FDCWD), text(path), "i0"}}},
      errors, twin);
}

/// Whether the workload that runs may have closed the way to `target`, which lies in a directory
/// of its own. The kernel check still sees the mount.
bool may_be_closed(const View& view, const std::string& target) {
  const auto& mounts = view.plan().mounts;
  return view.subject.handed_over &&
         std::any_of(mounts.begin(), mounts.end(), [&](const auto& entry) {
           return !entry.second.read_only && entry.first != target && is_below(target, entry.first);
         });
}

bool may_mount(const View& view) {
  const auto& kept = view.plan().security.capabilities;
  return std::find(kept.begin(), kept.end(), "CAP_SYS_ADMIN") != kept.end();
}

}  // namespace

void try_mounts(const View& view, std::vector<Trial>& list) {
  if (view.requires_("rootfs.read-only")) {
    try_root(view, Trials(list, "rootfs.read-only"));
  }
  if (view.requires_("mounts.declared-only") && !may_mount(view)) {
    try_new_mount(view, Trials(list, "mounts.declared-only"));
  }
  Trials read_only(list, "mounts.read-only");
  Trials writable(list, "mounts.writable");
  for (const auto& [target, mount] : view.plan().mounts) {
    if (mount.read_only && view.requires_("mounts.read-only") && !may_be_closed(view, target)) {
      try_read_only(read_only, view, target);
    } else if (!mount.read_only && view.requires_("mounts.writable")) {
      try_writable(writable, view, target);
    }
  }
  if (view.requires_("devices.minimal")) {
    try_devices(view, Trials(list, "devices.minimal"));
  }
}

}  // namespace paddock::proof
