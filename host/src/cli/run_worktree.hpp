// The worktree of an order, while its sandbox is launched, lives and ends. [main thread]
#pragma once

#include <optional>

#include "run/order.hpp"
#include "run/worktree.hpp"

namespace paddock::cli {

/// Of an order without a branch nothing. Else the branch's worktree, with the current folder in
/// it; a sandbox without a name is named after profile and branch. It is ours as long as the result
/// lives. Errors: kUsage, those of run::open_worktree.
Result<std::optional<run::Worktree>> enter_worktree(run::Order& order);

/// After the sandbox ended: what is kept, and how to get at it; empty for nothing.
std::string leave_worktree(const std::optional<run::Worktree>& worktree);

}  // namespace paddock::cli
