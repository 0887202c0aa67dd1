#include "run/destroy.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "os/proc.hpp"
#include "run/stop.hpp"

namespace paddock::run {
namespace {

namespace fs = std::filesystem;

bool is_within(const fs::path& inner, const fs::path& outer) {
  const auto [end, rest] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return end == outer.end();
}

Failure refuse(const fs::path& workspace, const std::string& why) {
  return fail(ErrorCode::kForbiddenPath,
              "the workspace '" + printable(workspace.string()) + "' is not removed: " + why,
              "remove it by hand, or leave --workspace out");
}

/// Something of the user's that is no workspace.
Result<void> check_place(const fs::path& workspace) {
  const os::UserPaths own = os::user_paths();
  for (const fs::path& path : {own.home, own.config, own.state, own.plugins, own.cache}) {
    std::error_code ignored;
    if (!path.empty() && is_within(fs::weakly_canonical(path, ignored), workspace)) {
      return refuse(workspace, "'" + path.string() + "' is in it");
    }
  }
  return {};
}

Result<void> check_mounts(const fs::path& workspace) {
  const auto mounts = os::read_mountinfo(::getpid());
  if (!mounts) {
    return fail_as(mounts);
  }
  for (const os::MountInfo& mount : *mounts) {
    if (is_within(mount.target, workspace)) {
      return refuse(workspace, "'" + printable(mount.target) + "' is mounted there");
    }
  }
  return {};
}

Result<void> check_others(const Store& store, const std::string& name, const fs::path& workspace) {
  const auto names = store.names();
  if (!names) {
    return fail_as(names);
  }
  for (const std::string& other : *names) {
    const auto state = other == name ? fail(ErrorCode::kNoSandbox, "itself") : store.load(other);
    if (state && !state->workspace.empty() &&
        (is_within(state->workspace, workspace) || is_within(workspace, state->workspace))) {
      return refuse(workspace, "sandbox '" + other + "' uses it");
    }
  }
  return {};
}

Result<fs::path> find_workspace(const Store& store, const State& state) {
  if (state.workspace.empty()) {
    return fail(ErrorCode::kUsage, "sandbox '" + state.name + "' has no workspace",
                "leave --workspace out");
  }
  std::error_code gone;
  const fs::path workspace = fs::canonical(state.workspace, gone);
  if (gone) {
    return fs::path();  // removed already
  }
  for (const auto& check : {check_place(workspace), check_mounts(workspace),
                            check_others(store, state.name, workspace)}) {
    if (!check) {
      return fail_as(check);
    }
  }
  return workspace;
}

}  // namespace

Result<Doomed> look_for_destroy(const Store& store, const std::string& name, bool with_workspace) {
  Doomed doomed;
  auto live = store.load(name);
  auto state = live ? std::move(live) : store.load_ended(name);
  if (!state) {
    return fail_as(state);
  }
  doomed.live = state->phase != Phase::kEnded;
  doomed.state = std::move(*state);
  if (with_workspace) {
    auto workspace = find_workspace(store, doomed.state);
    if (!workspace) {
      return fail_as(workspace);
    }
    doomed.workspace = std::move(*workspace);
  }
  return doomed;
}

Result<void> destroy(const Store& store, const Doomed& doomed, std::chrono::milliseconds grace) {
  const std::string& name = doomed.state.name;
  if (doomed.live) {
    if (auto stopped = stop(store, name, grace); !stopped) {
      return stopped;
    }
  }
  if (!doomed.workspace.empty()) {
    std::error_code error;
    fs::remove_all(doomed.workspace, error);
    if (error) {
      return fail_errno(error.value(),
                        "cannot remove all of '" + printable(doomed.workspace.string()) + "'");
    }
  }
  return store.forget(name);
}

}  // namespace paddock::run
