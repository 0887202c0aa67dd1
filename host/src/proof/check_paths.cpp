// The programs, kernel paths, hidden host directories and device nodes, looked at from outside.
#include <sys/sysmacros.h>

#include "base/text.hpp"
#include "proof/places.hpp"
#include "proof/vetted_mounts.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

void check_programs(const View& view, Checks checks) {
  const auto inside = view.root->stat("/usr");
  const auto outside = host_stat("/usr");
  const bool holds = inside && outside && same_file(*inside, *outside);
  checks.add("/rootfs/type", "'/usr'", "the host's",
             holds    ? "the host's"
             : inside ? "another"
                      : "absent",
             holds);
}

/// Which image it is only the engine knows; that it is none of the host's directories is seen.
void check_image(const View& view, Checks checks) {
  const auto& wanted = view.plan().rootfs.image_id;
  const auto& told = view.subject.sandbox.image;
  checks.word("plugin", "/rootfs/image_id", "image of the sandbox by the engine's word",
              wanted.value_or("one that was resolved"), told.value_or("none"),
              wanted && told && *wanted == *told);
  const os::MountInfo* root = view.mount_of("/");
  const auto objection = root == nullptr ? std::optional<std::string>("absent")
                                         : refuse_pseudo(view, *root, "overlay");
  checks.add("/rootfs/type", "file system of '/'", "an overlay of the sandbox's own",
             objection.value_or("an overlay of the sandbox's own"), !objection);
  for (const char* path : {"/", "/usr", "/bin", "/lib", "/etc"}) {
    const auto inside = view.root->stat(path);
    const auto outside = host_stat(path);
    const bool same = inside && outside && same_file(*inside, *outside);
    checks.add("/rootfs/type", "'" + std::string(path) + "'", "not the host's",
               !inside ? "absent"
               : same  ? "the host's"
                       : "not the host's",
               !same);
  }
}

void check_read_only(const View& view, Checks checks) {
  if (view.guest) {
    return;  // they are its own kernel's, not the host's: trials tell
  }
  for (const std::string& path : view.plan().security.read_only_paths) {
    if (!view.root->stat(path)) {
      checks.equal("/security/read_only_paths", "'" + path + "'", "absent", "absent");
      continue;
    }
    const os::MountInfo* mount = view.mount_of(path);
    checks.equal("/security/read_only_paths", "mount option over '" + path + "'", "ro",
                 mount != nullptr && mount->has_option("ro") ? "ro" : "rw");
  }
}

void check_masked(const View& view, Checks checks) {
  for (const std::string& path : view.plan().security.masked_paths) {
    const auto inside = view.root->stat(path);
    const auto outside = host_stat(path);
    const bool covered = view.mount_of(path) != nullptr && view.mount_of(path)->target == path;
    const bool holds = !inside || (covered && (!outside || !same_file(*inside, *outside)));
    checks.add("/security/masked_paths", "'" + path + "'", "absent or covered",
               !inside ? "absent"
               : holds ? "covered"
                       : "the kernel's own",
               holds);
  }
}

/// At one place: nothing of the host's, and nothing at all where the plan puts nothing.
void check_hidden_at(const View& view,
                     Checks& checks,
                     const Place& place,
                     const std::optional<struct stat>& host) {
  const auto inside = view.root->stat(place.path);
  const bool same = inside && host && same_file(*inside, *host);
  const bool bare = place.shows == Shows::kNothing;
  const bool empty = !bare || view.root->list(place.path).empty();
  checks.add("/security/hidden_paths", "'" + printable(place.path) + "'",
             bare ? "absent or empty" : "absent, or not the host's",
             !inside ? "absent"
             : same  ? "the host's"
             : empty ? "not the host's"
                     : "not empty",
             !same && empty);
}

void check_hidden(const View& view, Checks checks) {
  for (const std::string& path : view.plan().security.hidden_paths) {
    const auto host = host_stat(path);
    for (const Place& place : places_of(view, path)) {
      check_hidden_at(view, checks, place, host);
    }
  }
}

/// Nodes of these names may be there: the harmless ones, and terminals.
bool is_harmless(const std::string& path, const struct stat& node) {
  if (const auto device = harmless_device(path)) {
    return S_ISCHR(node.st_mode) && node.st_rdev == *device;
  }
  const unsigned kind = major(node.st_rdev);
  const bool terminal = kind >= 136 && kind <= 143;  // UNIX98 pseudo terminals
  const bool multiplexer = node.st_rdev == makedev(5, 2);
  return S_ISCHR(node.st_mode) && (terminal || multiplexer);
}

void collect_devices(const View& view,
                     const std::string& directory,
                     int depth,
                     std::vector<std::string>& found) {
  for (const std::string& name : view.root->list(directory)) {
    const std::string path = directory + "/" + name;
    if (name.ends_with("/")) {
      // A declared mount there is the workload's own space, on which no device opens (nodev).
      const std::string below = path.substr(0, path.size() - 1);
      if (depth > 0 && !view.plan().mounts.contains(below)) {
        collect_devices(view, below, depth - 1, found);
      }
      continue;
    }
    const auto node = view.root->stat(path);
    const bool device = node && (S_ISCHR(node->st_mode) || S_ISBLK(node->st_mode));
    if (device && !is_harmless(path, *node)) {
      found.push_back(printable(path));
    }
  }
}

/// What its /dev shows are no devices of the host's. It can only pass on what its kernel has open.
void check_guest_devices(const Guest& guest, Checks checks) {
  const auto open = os::read_descriptors(guest.kernel);
  if (!open) {
    return checks.unread("descriptors of the kernel in user space", open.error());
  }
  std::vector<std::string> found;
  for (const auto& [number, link] : *open) {
    const auto file =
        host_stat("/proc/" + std::to_string(guest.kernel) + "/fd/" + std::to_string(number));
    const bool device = file && (S_ISCHR(file->st_mode) || S_ISBLK(file->st_mode));
    if (device && link != "/dev/kvm" && !is_harmless(link, *file)) {
      found.push_back(printable(link));
    }
  }
  checks.none("", "devices of the host's that the kernel in user space has open", found);
}

void check_devices(const View& view, Checks checks) {
  if (view.guest) {
    return check_guest_devices(*view.guest, checks);
  }
  std::vector<std::string> found;
  collect_devices(view, "/dev", 2, found);
  checks.none("", "device nodes beyond the harmless ones", found);
}

}  // namespace

void check_paths(const View& view, std::vector<Check>& list) {
  using Function = void (*)(const View&, Checks);
  const std::pair<std::string_view, Function> table[] = {
      {"rootfs.host", check_programs},
      {"rootfs.image", check_image},
      {"kernel-paths.read-only", check_read_only},
      {"kernel-paths.masked", check_masked},
      {"host-paths.hidden", check_hidden},
      {"devices.minimal", check_devices}};
  for (const auto& [protection, check] : table) {
    if (!view.requires_(protection)) {
      continue;
    }
    Checks checks(list, protection);
    view.root ? check(view, checks) : checks.unread("the sandbox's root", view.root.error());
  }
}

}  // namespace paddock::proof
