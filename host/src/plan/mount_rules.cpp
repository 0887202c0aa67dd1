#include "plan/mount_rules.hpp"

#include <algorithm>
#include <array>

namespace paddock::plan {
namespace {

// The sandbox's own system: the backend builds these, and a mount over them could replace what
// the proof looks at.
constexpr std::array<std::string_view, 13> kSystemTargets = {
    "/proc", "/sys", "/dev",   "/run",    "/etc",   "/usr", "/bin",
    "/sbin", "/lib", "/lib32", "/libx32", "/lib64", "/boot"};

// Kernel interfaces, secrets of the system, service sockets, and what engines keep.
constexpr std::array<std::string_view, 10> kHiddenSources = {"/etc",
                                                             "/proc",
                                                             "/sys",
                                                             "/dev",
                                                             "/run",
                                                             "/boot",
                                                             "/var/lib/docker",
                                                             "/var/lib/containers",
                                                             "/var/lib/lxc",
                                                             "/var/run"};

// Visible inside anyway, but never writable.
constexpr std::array<std::string_view, 7> kReadOnlySources = {"/usr",   "/bin",    "/sbin", "/lib",
                                                              "/lib32", "/libx32", "/lib64"};

// Below the home directory: keys, and paddock's own word on what is allowed.
constexpr std::array<std::string_view, 12> kHiddenInHome = {".ssh",
                                                            ".gnupg",
                                                            ".aws",
                                                            ".azure",
                                                            ".kube",
                                                            ".docker",
                                                            ".netrc",
                                                            ".config/gcloud",
                                                            ".config/gh",
                                                            ".config/paddock",
                                                            ".local/share/paddock",
                                                            ".local/state/paddock"};

bool overlap(std::string_view a, std::string_view b) {
  return is_within(a, b) || is_within(b, a);
}

std::string refuse(std::string_view path, std::string_view because) {
  return "'" + std::string(path) + "' " + std::string(because);
}

std::optional<std::string> home_refusal(std::string_view path, const std::string& home) {
  if (!is_within(home, "/root") && overlap(path, "/root")) {
    return refuse(path, "holds or is part of '/root'");
  }
  if (home.size() < 2) {
    return std::nullopt;
  }
  if (is_within(home, path)) {
    return refuse(path, "holds the whole home directory");
  }
  for (const std::string_view name : kHiddenInHome) {
    const std::string secret = home + "/" + std::string(name);
    if (overlap(path, secret)) {
      return refuse(path, "holds or is part of '~/" + std::string(name) + "'");
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_within(std::string_view path, std::string_view directory) {
  if (directory == "/") {
    return true;
  }
  return path.starts_with(directory) &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

std::optional<std::string> target_refusal(std::string_view target) {
  if (target.empty() || target.front() != '/') {
    return refuse(target, "is not an absolute path");
  }
  if (target == "/") {
    return refuse(target, "is the root of the sandbox");
  }
  for (std::size_t from = 1; from <= target.size();) {
    const std::size_t to = std::min(target.find('/', from), target.size());
    const std::string_view part = target.substr(from, to - from);
    if (part.empty() || part == "." || part == "..") {
      return refuse(target, "is not in plain form (no '..', '.', '//' or '/' at the end)");
    }
    from = to + 1;
  }
  for (const std::string_view system : kSystemTargets) {
    if (is_within(target, system)) {
      return refuse(target, "belongs to the sandbox's system");
    }
  }
  return std::nullopt;
}

std::optional<std::string> source_refusal(const std::filesystem::path& source,
                                          bool read_only,
                                          const std::filesystem::path& home) {
  const std::string path = source.string();
  if (path == "/") {
    return refuse(path, "is the whole machine");
  }
  for (const std::string_view hidden : kHiddenSources) {
    if (overlap(path, hidden)) {
      return refuse(path, "holds or is part of '" + std::string(hidden) + "'");
    }
  }
  for (const std::string_view system : kReadOnlySources) {
    if (!read_only && overlap(path, system)) {
      return refuse(path, "belongs to the system, and may only be mounted read-only");
    }
  }
  return home_refusal(path, home.string());
}

bool narrows(const contract::Mount& narrower, const contract::Mount& mount) {
  if (narrower.type == contract::MountType::kBind &&
      (mount.type != contract::MountType::kBind || narrower.source != mount.source)) {
    return false;
  }
  const bool bounded = mount.size_bytes == 0 ||
                       (narrower.size_bytes != 0 && narrower.size_bytes <= mount.size_bytes);
  const bool same_type = narrower.type == mount.type;
  return (narrower.read_only || !mount.read_only) && (!narrower.executable || mount.executable) &&
         (!same_type || bounded);
}

}  // namespace paddock::plan
