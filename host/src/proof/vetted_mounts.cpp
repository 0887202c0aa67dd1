#include "proof/vetted_mounts.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace paddock::proof {
namespace {

struct Pseudo {
  std::string_view fstype;
  std::string_view directory;  ///< the mount is this or below it
  bool read_only_below;        ///< below the directory, and not at it, it has to be read-only
};
/// Kernel file systems, and the places that each may have.
constexpr std::array<Pseudo, 6> kPseudo = {{{"proc", "/proc", true},
                                            {"devpts", "/dev/pts", true},
                                            {"devpts", "/dev/console", true},
                                            {"mqueue", "/dev/mqueue", true},
                                            {"overlay", "/", true},
                                            {"tmpfs", "/", false}}};

/// Host paths that hold programs, and the parts of /etc that hold settings of programs: no user's
/// data, no password hash, no key of the host.
constexpr std::array<std::string_view, 20> kSystem = {"/usr",
                                                      "/bin",
                                                      "/sbin",
                                                      "/lib",
                                                      "/lib32",
                                                      "/lib64",
                                                      "/libx32",
                                                      "/nix/store",
                                                      "/etc/alternatives",
                                                      "/etc/crypto-policies",
                                                      "/etc/fonts",
                                                      "/etc/hostname",
                                                      "/etc/hosts",
                                                      "/etc/ld.so.cache",
                                                      "/etc/localtime",
                                                      "/etc/pki/ca-trust/extracted",
                                                      "/etc/pki/tls/certs",
                                                      "/etc/resolv.conf",
                                                      "/etc/ssl/certs",
                                                      "/etc/terminfo"};

struct Device {
  std::string_view path;
  unsigned major, minor;  // Linux Documentation/admin-guide/devices.txt
};
constexpr std::array<Device, 6> kDevices = {{{"/dev/null", 1, 3},
                                             {"/dev/zero", 1, 5},
                                             {"/dev/full", 1, 7},
                                             {"/dev/random", 1, 8},
                                             {"/dev/urandom", 1, 9},
                                             {"/dev/tty", 5, 0}}};

std::string quoted(const std::string& text) {
  return "'" + printable(text) + "'";
}

bool is_plain(std::string_view path) {
  return path.starts_with("/") && path.find("/../") == std::string_view::npos &&
         !path.ends_with("/..");
}

/// "/etc/java-17-openjdk", which links below /usr/lib/jvm lead to.
bool is_java(std::string_view source) {
  constexpr std::string_view kStem = "/etc/java-", kEnd = "-openjdk";
  const std::string_view name = source.substr(0, source.find('/', kStem.size()));
  return source.starts_with(kStem) && name.ends_with(kEnd);
}

bool is_system(std::string_view source) {
  return is_plain(source) &&
         (is_java(source) || std::any_of(kSystem.begin(), kSystem.end(), [&](auto directory) {
            return is_below(source, directory);
          }));
}

/// A backend may bind the gate, and need not say from where.
bool is_gate(const View& view, const contract::EngineMount& mount) {
  const auto found = !mount.source.empty() ? host_stat(mount.source)
                     : view.root           ? view.root->stat(mount.target)
                                           : std::nullopt;
  return view.gate && found && same_file(*view.gate, *found);
}

std::optional<std::string> refuse_bind(const View& view, const contract::EngineMount& mount) {
  if (mount.source == mount.target && harmless_device(mount.source)) {
    return std::nullopt;
  }
  if (!is_system(mount.source) && !is_gate(view, mount)) {
    return quoted(mount.source) + " is no system path";
  }
  if (!mount.read_only) {
    return "a bind of " + quoted(mount.source) + " that is not read-only";
  }
  return std::nullopt;
}

/// The terminal that the sandbox was made with, shown as /dev/console.
bool is_own_terminal(const View& view, const os::MountInfo& mount) {
  const FileIdentity& own = view.subject.terminal;
  const auto inside = view.root ? view.root->stat(mount.target) : std::nullopt;
  return mount.target == "/dev/console" && own.inode != 0 && inside && S_ISCHR(inside->st_mode) &&
         inside->st_dev == own.device && inside->st_ino == own.inode;
}

/// The gate's own program, bound for the sandbox to start with. A backend cannot name the bind in
/// `prepare`, which comes before the gate's path is known to it.
bool is_gate_inside(const View& view, const os::MountInfo& mount) {
  const auto inside = view.root ? view.root->stat(mount.target) : std::nullopt;
  return mount.has_option("ro") && mount.has_option("nosuid") && inside && view.gate &&
         same_file(*inside, *view.gate);
}

/// The engine's file with the name that the plan gives the sandbox, which only a kernel in user
/// space is left with.
bool is_own_name(const View& view, const os::MountInfo& mount) {
  return view.guest && mount.target == "/etc/hostname" && mount.has_option("ro") && view.root &&
         view.root->read(mount.target) == view.plan().process.hostname + "\n";
}

/// The socket that the gate came by. Nobody listens there any more, as a trial tells.
bool is_dead_socket(const View& view, const os::MountInfo& mount) {
  const auto inside = view.root ? view.root->stat(mount.target) : std::nullopt;
  return view.guest && mount.has_option("ro") && inside && S_ISSOCK(inside->st_mode);
}

}  // namespace

std::optional<dev_t> harmless_device(std::string_view path) {
  for (const Device& device : kDevices) {
    if (device.path == path) {
      return makedev(device.major, device.minor);
    }
  }
  return std::nullopt;
}

std::optional<std::string> refuse_engine_mount(const View& view,
                                               const contract::EngineMount& mount) {
  if (!is_plain(mount.target)) {
    return quoted(mount.target) + " is no plain path";
  }
  if (mount.fstype.empty()) {
    return refuse_bind(view, mount);
  }
  for (const Pseudo& rule : kPseudo) {
    const bool placed = mount.fstype == rule.fstype &&
                        (mount.fstype == "overlay" ? mount.target == "/" && mount.read_only
                                                   : is_below(mount.target, rule.directory));
    if (placed && (mount.read_only || !rule.read_only_below || mount.target == rule.directory)) {
      return std::nullopt;
    }
  }
  return "a file system of type " + quoted(mount.fstype) +
         (mount.read_only ? " there" : " there, writable");
}

/// Where an engine assembles the root of a container, which shows on the host too.
bool is_container_root(const os::MountInfo& host) {
  return host.fstype == "overlay" && host.target.ends_with("/merged");
}

std::optional<std::string> refuse_pseudo(const View& view,
                                         const os::MountInfo& mount,
                                         const std::string& fstype) {
  if (mount.fstype != fstype) {
    return "type " + quoted(mount.fstype);
  }
  if (!view.host_mounts) {
    return "the host's mounts cannot be read";
  }
  for (const os::MountInfo& host : *view.host_mounts) {
    if (host.device == mount.device && !is_container_root(host)) {
      return "the host's own " + quoted(host.target);
    }
  }
  return std::nullopt;
}

bool is_way_in(const View& view, const os::MountInfo& mount) {
  const auto inside = view.root ? view.root->stat(mount.target) : std::nullopt;
  return view.guest && mount.has_option("ro") && mount.target == "/.paddock/way" && inside &&
         S_ISDIR(inside->st_mode) && inside->st_uid == 0 && (inside->st_mode & 0077) == 0;
}

std::optional<std::string> refuse_unnamed(const View& view, const os::MountInfo& mount) {
  if (const auto device = harmless_device(mount.target)) {
    const auto inside = view.root ? view.root->stat(mount.target) : std::nullopt;
    const bool same = inside && S_ISCHR(inside->st_mode) && inside->st_rdev == *device;
    return same ? std::nullopt : std::optional<std::string>("another device than its name says");
  }
  if (is_own_terminal(view, mount)) {
    return std::nullopt;
  }
  if (is_gate_inside(view, mount) || is_own_name(view, mount) || is_dead_socket(view, mount) ||
      is_way_in(view, mount)) {
    return std::nullopt;
  }
  const bool ordinary = (mount.target == "/" && mount.fstype == "tmpfs") ||
                        (mount.target == "/dev/pts" && mount.fstype == "devpts");
  return ordinary ? refuse_pseudo(view, mount, mount.fstype)
                  : std::optional<std::string>("not declared");
}

}  // namespace paddock::proof
