#include "cli/run_worktree.hpp"

#include <unistd.h>

#include <cerrno>

#include "run/names.hpp"

namespace paddock::cli {

Result<std::optional<run::Worktree>> enter_worktree(run::Order& order) {
  if (order.worktree.empty()) {
    return std::optional<run::Worktree>{};
  }
  auto worktree = run::open_worktree(order.repository, order.worktree);
  if (!worktree) {
    return fail_as(worktree);
  }
  if (order.name.empty()) {
    order.name = run::branch_sandbox_name(order.profile, worktree->name);
  }
  if (::chdir(worktree->record.folder.c_str()) != 0) {
    return fail_errno(errno, "cannot enter '" + worktree->record.folder + "'");
  }
  return std::optional<run::Worktree>(std::move(*worktree));
}

std::string leave_worktree(const std::optional<run::Worktree>& worktree) {
  if (!worktree || !run::close_worktree(*worktree)) {
    return {};
  }
  const run::WorktreeRecord& record = worktree->record;
  return "the worktree of '" + record.branch + "' is kept in '" + record.folder +
         "'; `paddock worktree fetch " + record.branch + "` brings its commits into the repository";
}

}  // namespace paddock::cli
