#include "layout.hpp"

#include <algorithm>
#include <array>

namespace paddock::bubblewrap {
namespace {

constexpr std::array<const char*, 6> kDeviceNodes = {"/dev/null",   "/dev/zero",    "/dev/full",
                                                     "/dev/random", "/dev/urandom", "/dev/tty"};

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

Layout survey(const contract::Plan& plan) {
  Layout layout{support::survey_host_root(plan), {}};
  list_mounts(layout, plan);
  return layout;
}

}  // namespace paddock::bubblewrap
