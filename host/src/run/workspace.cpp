#include "run/workspace.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/text.hpp"
#include "os/beneath.hpp"
#include "paddock/contract/mount_source.hpp"
#include "run/inspect.hpp"

namespace paddock::run {
namespace {

constexpr std::string_view kWorkspace = "/workspace";

std::vector<WorkFolder> folders_of(const contract::Plan& plan) {
  std::vector<WorkFolder> folders;
  for (const auto& [target, mount] : plan.mounts) {
    const bool whole = target == kWorkspace;
    if (mount.purpose == "workspace" && (whole || target.starts_with("/workspace/"))) {
      folders.push_back({whole ? "" : target.substr(kWorkspace.size() + 1), mount.source,
                         mount.read_only, mount.identity});
    }
  }
  return folders;
}

std::string entry(const std::string& name, bool read_only) {
  return name + " = \"" + (read_only ? "ro" : "rw") + "\"";
}

}  // namespace

Result<Workspace> open_workspace(const Store& store, const std::string& name) {
  auto state = find_state(store, name);
  if (!state) {
    return fail_as(state);
  }
  const auto plan = launched_plan(store, *state);
  if (!plan) {
    return fail_as(plan);
  }
  return Workspace{std::move(*state), folders_of(*plan)};
}

Result<WorkFolder> named_folder(const Workspace& workspace,
                                const std::string& name,
                                bool read_only) {
  for (const WorkFolder& folder : workspace.folders) {
    if (folder.name != name) {
      continue;
    }
    if (folder.read_only != read_only) {
      return fail(ErrorCode::kBadValue,
                  "sandbox '" + workspace.state.name + "' has '" + name + "' as " +
                      entry(name, folder.read_only),
                  "its profile should say, under [workspace.folders]: " + entry(name, read_only));
    }
    return folder;
  }
  return fail(ErrorCode::kMissingKey,
              "sandbox '" + workspace.state.name + "' has no folder '" + name + "'",
              "add to its profile, under [workspace.folders]: " + entry(name, read_only) +
                  "; the profile 'default' has all of them");
}

Result<os::UniqueFd> open_folder(const WorkFolder& folder) {
  os::UniqueFd fd = os::open_without_links(folder.source, O_RDONLY | O_DIRECTORY);
  if (!fd) {
    return fail_errno(errno, "cannot open '" + printable(folder.source) + "'");
  }
  if (!folder.identity || contract::identity_of(fd.get()) != folder.identity) {
    return fail(ErrorCode::kForbiddenPath,
                "'" + printable(folder.source) + "' is not the folder that the sandbox has",
                "another was put there since the launch: look at it yourself");
  }
  return fd;
}

}  // namespace paddock::run
