#include "layout.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>

#include "etc_files.hpp"

namespace paddock::bubblewrap {
namespace {

constexpr std::array<const char*, 6> kTopLevel = {"/bin",   "/sbin",  "/lib",
                                                  "/lib32", "/lib64", "/libx32"};
// bwrap --proc makes these read-only where it may write them, which depends on who runs it;
// here they always are.
constexpr std::array<const char*, 4> kAlwaysReadOnly = {"/proc/sys", "/proc/sysrq-trigger",
                                                        "/proc/irq", "/proc/bus"};
constexpr std::array<const char*, 6> kDeviceNodes = {"/dev/null",   "/dev/zero",    "/dev/full",
                                                     "/dev/random", "/dev/urandom", "/dev/tty"};

enum class Kind { kAbsent, kFile, kDirectory };

Kind kind_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return Kind::kAbsent;
  }
  return S_ISDIR(status.st_mode) ? Kind::kDirectory : Kind::kFile;
}

void survey_top_level(Layout& layout) {
  layout.binds.emplace_back("/usr", "/usr");
  for (const char* path : kTopLevel) {  // links into /usr where that is merged, else directories
    std::array<char, PATH_MAX> text{};
    const ssize_t length = ::readlink(path, text.data(), text.size());
    if (length > 0) {
      layout.links.emplace_back(std::string(text.data(), static_cast<std::size_t>(length)), path);
    } else if (kind_of(path) == Kind::kDirectory) {
      layout.binds.emplace_back(path, path);
    }
  }
}

void cover(Layout& layout, const std::string& path, Kind kind) {
  auto& list = kind == Kind::kDirectory ? layout.covered_directories : layout.covered_files;
  if (std::find(list.begin(), list.end(), path) == list.end()) {
    list.push_back(path);
  }
}

void survey_kernel_paths(Layout& layout, const contract::Plan& plan) {
  std::vector<std::string> paths(kAlwaysReadOnly.begin(), kAlwaysReadOnly.end());
  paths.insert(paths.end(), plan.security.read_only_paths.begin(),
               plan.security.read_only_paths.end());
  for (const std::string& path : paths) {
    const bool listed =
        std::find(layout.read_only.begin(), layout.read_only.end(), path) != layout.read_only.end();
    if (!listed && is_within(path, "/proc") && kind_of(path) != Kind::kAbsent) {
      layout.read_only.push_back(path);
    }
  }
  for (const std::string& path : plan.security.masked_paths) {
    const Kind kind = kind_of(path);
    if (kind == Kind::kAbsent) {
      continue;
    }
    const bool of_proc = is_within(path, "/proc");
    for (const std::string& inside : of_proc ? std::vector{path} : visible_at(path, layout, plan)) {
      cover(layout, inside, kind);
    }
  }
}

void survey_hidden(Layout& layout, const contract::Plan& plan) {
  for (const std::string& path : plan.security.hidden_paths) {
    std::array<char, PATH_MAX> resolved{};
    const std::string host = ::realpath(path.c_str(), resolved.data()) ? resolved.data() : path;
    const Kind kind = kind_of(host);
    if (kind == Kind::kAbsent) {
      continue;
    }
    for (const std::string& inside : visible_at(host, layout, plan)) {
      cover(layout, inside, kind);
    }
  }
}

// Read-only mounts at `paths`, without those that the plan itself names.
void list_kernel_paths(std::vector<contract::EngineMount>& mounts,
                       const std::vector<std::string>& paths,
                       const std::vector<std::string>& in_plan,
                       const char* fstype) {
  for (const std::string& path : paths) {
    if (std::find(in_plan.begin(), in_plan.end(), path) == in_plan.end()) {
      mounts.push_back({path, "", fstype, true});
    }
  }
}

void list_mounts(Layout& layout, const contract::Plan& plan) {
  auto& mounts = layout.mounts;
  mounts.push_back({"/", "", "tmpfs", true});
  for (const auto& [source, target] : layout.binds) {
    mounts.push_back({target, source, "", true});
  }
  // The host knows the gate, the terminal's /dev/console and the plan's own kernel paths itself.
  mounts.push_back({"/proc", "", "proc", false});
  list_kernel_paths(mounts, layout.read_only, plan.security.read_only_paths, "proc");
  mounts.push_back({"/dev", "", "tmpfs", true});
  for (const char* path : kDeviceNodes) {
    mounts.push_back({path, path, "", false});
  }
  mounts.push_back({"/dev/pts", "", "devpts", false});
  list_kernel_paths(mounts, layout.covered_files, plan.security.masked_paths, "tmpfs");
  list_kernel_paths(mounts, layout.covered_directories, plan.security.masked_paths, "tmpfs");
}

}  // namespace

bool is_within(const std::string& path, const std::string& directory) {
  return directory == "/" || path == directory ||
         (path.size() > directory.size() && path.starts_with(directory) &&
          path[directory.size()] == '/');
}

std::vector<std::string> visible_at(const std::string& host_path,
                                    const Layout& layout,
                                    const contract::Plan& plan) {
  std::vector<PathPair> binds = layout.binds;
  for (const auto& [target, mount] : plan.mounts) {
    if (mount.type == contract::MountType::kBind) {
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

Layout survey(const contract::Plan& plan) {
  Layout layout;
  survey_top_level(layout);
  survey_etc(layout);
  survey_kernel_paths(layout, plan);
  survey_hidden(layout, plan);
  for (const auto& [target, mount] : plan.mounts) {
    if (!mount.executable) {
      layout.no_exec.push_back(target);
    }
  }
  list_mounts(layout, plan);
  return layout;
}

}  // namespace paddock::bubblewrap
