// Every line of mountinfo is a declared mount or a vetted one; every declared mount is there.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "paddock/contract/leaves.hpp"
#include "proof/vetted_mounts.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

using contract::Mount;
using contract::MountType;
using os::MountInfo;
using Objection = std::optional<std::string>;

/// Where devices have to open; which ones there are is for "devices.minimal" to tell.
bool holds_devices(const MountInfo& mount) {
  return mount.fstype == "devpts" || (mount.fstype == "tmpfs" && mount.target == "/dev");
}

/// What all mounts but device nodes keep to.
Objection refuse_flags(const MountInfo& mount, bool read_only) {
  std::vector<std::string> missing;
  for (const char* flag : {"nosuid", "nodev"}) {
    if (mount.device == kGuestDevice) {
      continue;  // gVisor tells neither: no file gives privileges there, no device is the host's
    }
    if (!mount.has_option(flag) && !(holds_devices(mount) && std::string_view(flag) == "nodev")) {
      missing.push_back(flag);
    }
  }
  if (read_only && !mount.has_option("ro")) {
    missing.push_back("ro");
  }
  if (!missing.empty()) {
    return "without " + join(missing, ", ");
  }
  // A slave mount ("master:") takes in what the host mounts below it; a shared one gives out.
  if (mount.propagation.find("shared:") != std::string::npos) {
    return "shared with other mount namespaces";
  }
  return std::nullopt;
}

/// Whether what is at `target` inside is the file that the plan pins. The path of its source is not
/// looked at: it may lead elsewhere by now, and have led there when it was mounted.
Objection refuse_unpinned(const View& view, const std::string& target, const Mount& wanted) {
  const auto inside = view.root ? view.root->stat(target) : std::nullopt;
  if (!inside) {
    return "the target cannot be looked at";
  }
  if (!wanted.identity) {
    return "its source is not pinned";
  }
  const contract::FileIdentity seen{inside->st_dev, inside->st_ino};
  return seen == *wanted.identity
             ? std::nullopt
             : Objection("another file than the '" + printable(wanted.source) + "' of the plan");
}

/// Whether what is at `target` inside is what is at `source`, a system path, on the host.
Objection refuse_identity(const View& view, const std::string& target, const std::string& source) {
  const auto inside = view.root ? view.root->stat(target) : std::nullopt;
  const auto outside = host_stat(source);
  if (!inside || !outside) {
    return std::string(inside ? "the source" : "the target") + " cannot be looked at";
  }
  return same_file(*inside, *outside) ? std::nullopt
                                      : Objection("another file than '" + printable(source) + "'");
}

Objection judge_declared(const View& view, const MountInfo& mount, const Mount& wanted) {
  if (auto objection = refuse_flags(mount, wanted.read_only)) {
    return objection;
  }
  if (!wanted.read_only && mount.has_option("ro")) {
    return "read-only";
  }
  if (!wanted.executable && !mount.has_option("noexec")) {
    return "without noexec";
  }
  return wanted.type == MountType::kTmpfs ? refuse_pseudo(view, mount, "tmpfs")
                                          : refuse_unpinned(view, mount.target, wanted);
}

/// Read-only kernel paths keep their file system; masked ones show an empty tmpfs or /dev/null.
Objection judge_covered(const View& view, const MountInfo& mount, bool masked) {
  if (!masked) {
    return mount.has_option("ro") ? std::nullopt : Objection("without ro");
  }
  const auto inside = view.root ? view.root->stat(mount.target) : std::nullopt;
  const bool null =
      inside && S_ISCHR(inside->st_mode) && inside->st_rdev == harmless_device("/dev/null").value();
  return null || mount.fstype == "tmpfs" ? std::nullopt : Objection("neither empty nor /dev/null");
}

Objection judge_engine(const View& view,
                       const MountInfo& mount,
                       const contract::EngineMount& named) {
  if (auto objection = refuse_engine_mount(view, named)) {
    return objection;
  }
  if ((named.fstype.empty() && harmless_device(named.source)) || named.target == "/dev/console") {
    return refuse_unnamed(view, mount);
  }
  if (auto objection = refuse_flags(mount, named.read_only)) {
    return objection;
  }
  if (!named.fstype.empty()) {
    return refuse_pseudo(view, mount, named.fstype);
  }
  return refuse_identity(view, mount.target,
                         named.source.empty() ? gate_path(view.subject) : named.source);
}

/// Whether the host has that very mount at `place`: the same part of the same file system.
Objection refuse_other_mount(const View& view, const MountInfo& mount, const std::string& place) {
  if (!view.host_mounts) {
    return "the host's mounts cannot be read";
  }
  const bool same =
      std::any_of(view.host_mounts->begin(), view.host_mounts->end(), [&](const MountInfo& host) {
        return host.target == place && host.device == mount.device && host.root == mount.root;
      });
  return same ? std::nullopt : Objection("not the mount at '" + printable(place) + "'");
}

/// What a recursive bind brought along: what the host has mounted at that place of the source.
Objection judge_inherited(const View& view, const MountInfo& mount) {
  const auto below = [&](const std::string& target, const std::string& source, bool read_only) {
    if (source.empty() || !is_below(mount.target, target)) {
      return Objection("not declared");
    }
    auto objection = refuse_flags(mount, read_only);
    return objection ? objection
                     : refuse_other_mount(view, mount, source + mount.target.substr(target.size()));
  };
  for (const auto& [target, wanted] : view.plan().mounts) {
    if (!below(target, wanted.source, wanted.read_only)) {
      return std::nullopt;
    }
  }
  for (const contract::EngineMount& named : view.subject.prepared.engine_mounts) {
    if (!named.source.empty() && !refuse_engine_mount(view, named) &&
        !below(named.target, named.source, named.read_only)) {
      return std::nullopt;
    }
  }
  return refuse_unnamed(view, mount);
}

bool lists(const std::vector<std::string>& paths, const std::string& path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

Objection judge(const View& view, const MountInfo& mount) {
  const contract::Plan& plan = view.plan();
  if (const auto wanted = plan.mounts.find(mount.target); wanted != plan.mounts.end()) {
    return judge_declared(view, mount, wanted->second);
  }
  if (lists(plan.security.masked_paths, mount.target)) {
    return judge_covered(view, mount, true);
  }
  if (lists(plan.security.read_only_paths, mount.target)) {
    return judge_covered(view, mount, false);
  }
  for (const contract::EngineMount& named : view.subject.prepared.engine_mounts) {
    if (named.target == mount.target) {
      return judge_engine(view, mount, named);
    }
  }
  return judge_inherited(view, mount);
}

std::string leaf_of(const std::string& target) {
  return "/mounts/" + contract::escape_pointer(target);
}

void check_present(const View& view, Checks& checks) {
  std::size_t present = 0;
  for (const auto& [target, wanted] : view.plan().mounts) {
    const bool found =
        std::any_of(view.mounts->begin(), view.mounts->end(),
                    [&, &name = target](const MountInfo& m) { return m.target == name; });
    present += found ? 1 : 0;
    if (!found) {
      checks.add(leaf_of(target), "mount '" + target + "'", "there", "missing", false);
    }
  }
  const std::string all = std::to_string(view.plan().mounts.size());
  checks.equal("", "declared mounts that are there", all, std::to_string(present));
}

void check_declared(const View& view, Checks checks) {
  for (const contract::EngineMount& named : view.subject.prepared.engine_mounts) {
    if (const auto objection = refuse_engine_mount(view, named)) {
      checks.add("", "the backend's mount '" + printable(named.target) + "'", "harmless",
                 *objection, false);
    }
  }
  std::size_t accounted = 0;
  for (const MountInfo& mount : *view.mounts) {
    const Objection objection = judge(view, mount);
    accounted += objection ? 0 : 1;
    if (objection) {
      const bool declared = view.plan().mounts.contains(mount.target);
      checks.add(declared ? leaf_of(mount.target) : "", "mount '" + printable(mount.target) + "'",
                 declared ? "as declared" : "declared or vetted", *objection, false);
    }
  }
  checks.equal("", "mounts that are declared or vetted", std::to_string(view.mounts->size()),
               std::to_string(accounted));
  check_present(view, checks);
}

void check_access(const View& view, Checks checks, bool read_only) {
  std::size_t count = 0;
  for (const auto& [target, wanted] : view.plan().mounts) {
    if (wanted.read_only != read_only) {
      continue;
    }
    ++count;
    const MountInfo* mount = view.mount_of(target);
    const bool is_there = mount != nullptr && mount->target == target;
    const std::string seen = !is_there ? "missing" : mount->has_option("ro") ? "ro" : "rw";
    checks.equal(leaf_of(target), "mount option of '" + target + "'", read_only ? "ro" : "rw",
                 seen);
  }
  if (count == 0) {
    checks.equal("", "such mounts in the plan", "none", "none");
  }
}

/// Bytes of a tmpfs's size option; nullopt: none, which is half of the memory.
std::optional<std::uint64_t> tmpfs_size(const MountInfo& mount) {
  const std::size_t at = ("," + mount.super_options).find(",size=");
  if (at == std::string::npos) {
    return std::nullopt;
  }
  const std::string text = mount.super_options.substr(at + 5);
  const std::size_t digits = text.find_first_not_of("0123456789");
  const std::uint64_t value = std::strtoull(text.c_str(), nullptr, 10);
  return digits != std::string::npos && text[digits] == 'k' ? value << 10 : value;
}

/// A device that an engine shows over a masked file: nothing can be stored there.
bool is_device(const View& view, const MountInfo& mount) {
  const auto inside = view.root ? view.root->stat(mount.target) : std::nullopt;
  return inside && S_ISCHR(inside->st_mode);
}

void check_disk(const View& view, Checks checks) {
  std::uint64_t sum = 0;
  for (const MountInfo& mount : *view.mounts) {
    if (mount.fstype != "tmpfs" || mount.has_option("ro") || is_device(view, mount)) {
      continue;
    }
    if (mount.device == kGuestDevice && mount.target == "/dev") {
      continue;  // nobody can write there, as a trial tells
    }
    const auto wanted = view.plan().mounts.find(mount.target);
    if (wanted != view.plan().mounts.end() && wanted->second.type != MountType::kTmpfs) {
      continue;  // a bind of a directory that happens to be on a tmpfs of the host
    }
    const auto size = tmpfs_size(mount);
    sum += size.value_or(0);
    const std::uint64_t allowed =
        wanted == view.plan().mounts.end() ? 0 : wanted->second.size_bytes;
    const std::string expected = allowed != 0 ? "at most " + std::to_string(allowed) : "a limit";
    checks.add(leaf_of(mount.target), "size of '" + mount.target + "'", expected,
               size ? std::to_string(*size) : "no limit",
               size && (allowed == 0 || *size <= allowed));
  }
  const auto total = view.plan().resources.disk_bytes;
  checks.add("/resources/disk_bytes", "sum of the tmpfs sizes",
             total ? "at most " + std::to_string(*total) : "a limit in the plan",
             std::to_string(sum), total && sum <= *total);
}

void check_root(const View& view, Checks checks) {
  const MountInfo* root = view.mount_of("/");
  checks.equal("/rootfs/read_only", "mount option of '/'", "ro",
               root != nullptr && root->has_option("ro") ? "ro" : "rw");
}

}  // namespace

void check_mounts(const View& view, std::vector<Check>& list) {
  for (const char* name : {"mounts.declared-only", "mounts.read-only", "mounts.writable",
                           "rootfs.read-only", "disk.limited"}) {
    if (!view.requires_(name)) {
      continue;
    }
    const std::string_view protection = name;
    Checks checks(list, protection);
    if (!view.mounts) {
      checks.unread("mounts", view.mounts.error());
    } else if (protection == "mounts.declared-only") {
      check_declared(view, checks);
    } else if (protection == "rootfs.read-only") {
      check_root(view, checks);
    } else if (protection == "disk.limited") {
      check_disk(view, checks);
    } else {
      check_access(view, checks, protection == "mounts.read-only");
    }
  }
}

}  // namespace paddock::proof
