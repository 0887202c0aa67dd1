#include "support/host_root.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>

#include "support/etc_files.hpp"

namespace paddock::support {
namespace {

constexpr std::array<const char*, 6> kTopLevel = {"/bin",   "/sbin",  "/lib",
                                                  "/lib32", "/lib64", "/libx32"};
// bwrap --proc makes these read-only where it may write them, which depends on who runs it;
// here they always are.
constexpr std::array<const char*, 4> kAlwaysReadOnly = {"/proc/sys", "/proc/sysrq-trigger",
                                                        "/proc/irq", "/proc/bus"};

enum class Kind { kAbsent, kFile, kDirectory };

Kind kind_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return Kind::kAbsent;
  }
  return S_ISDIR(status.st_mode) ? Kind::kDirectory : Kind::kFile;
}

void survey_top_level(HostRoot& root) {
  root.binds.emplace_back("/usr", "/usr");
  for (const char* path : kTopLevel) {  // links into /usr where that is merged, else directories
    std::array<char, PATH_MAX> text{};
    const ssize_t length = ::readlink(path, text.data(), text.size());
    if (length > 0) {
      root.links.emplace_back(std::string(text.data(), static_cast<std::size_t>(length)), path);
    } else if (kind_of(path) == Kind::kDirectory) {
      root.binds.emplace_back(path, path);
    }
  }
}

void cover(HostRoot& root, const std::string& path, Kind kind) {
  auto& list = kind == Kind::kDirectory ? root.covered_directories : root.covered_files;
  if (std::find(list.begin(), list.end(), path) == list.end()) {
    list.push_back(path);
  }
}

void survey_kernel_paths(HostRoot& root, const contract::Plan& plan) {
  std::vector<std::string> paths(kAlwaysReadOnly.begin(), kAlwaysReadOnly.end());
  paths.insert(paths.end(), plan.security.read_only_paths.begin(),
               plan.security.read_only_paths.end());
  for (const std::string& path : paths) {
    const bool listed =
        std::find(root.read_only.begin(), root.read_only.end(), path) != root.read_only.end();
    if (!listed && is_within(path, "/proc") && kind_of(path) != Kind::kAbsent) {
      root.read_only.push_back(path);
    }
  }
  for (const std::string& path : plan.security.masked_paths) {
    const Kind kind = kind_of(path);
    if (kind == Kind::kAbsent) {
      continue;
    }
    const bool of_proc = is_within(path, "/proc");
    for (const std::string& inside : of_proc ? std::vector{path} : visible_at(path, root, plan)) {
      cover(root, inside, kind);
    }
  }
}

void survey_hidden(HostRoot& root, const contract::Plan& plan) {
  for (const std::string& path : plan.security.hidden_paths) {
    std::array<char, PATH_MAX> resolved{};
    const std::string host = ::realpath(path.c_str(), resolved.data()) ? resolved.data() : path;
    const Kind kind = kind_of(host);
    if (kind == Kind::kAbsent) {
      continue;
    }
    for (const std::string& inside : visible_at(host, root, plan)) {
      cover(root, inside, kind);
    }
  }
}

}  // namespace

bool is_within(const std::string& path, const std::string& directory) {
  return directory == "/" || path == directory ||
         (path.size() > directory.size() && path.starts_with(directory) &&
          path[directory.size()] == '/');
}

std::vector<std::string> visible_at(const std::string& host_path,
                                    const HostRoot& root,
                                    const contract::Plan& plan) {
  std::vector<PathPair> binds = root.binds;
  for (const auto& [target, mount] : plan.mounts) {
    if (!mount.source.empty()) {
      binds.emplace_back(mount.source, target);
    }
  }
  std::vector<std::string> places;
  for (const auto& [source, target] : binds) {
    if (is_within(host_path, source)) {
      places.push_back(target + host_path.substr(source == "/" ? 0 : source.size()));
    }
  }
  return places;
}

HostRoot survey_host_root(const contract::Plan& plan) {
  HostRoot root;
  if (plan.rootfs.type == contract::RootfsType::kHost) {
    survey_top_level(root);
    survey_etc(root);
  }
  survey_kernel_paths(root, plan);
  survey_hidden(root, plan);
  for (const auto& [target, mount] : plan.mounts) {
    if (!mount.executable) {
      root.no_exec.push_back(target);
    }
  }
  return root;
}

}  // namespace paddock::support
