// What the user asked for, so that it can be asked for again. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/streams.hpp"

namespace paddock::run {

struct Order {
  std::string profile;  ///< a name or a path
  std::string name;     ///< of the sandbox; empty: one is made from the profile's
  std::string backend;  ///< empty: the first that can
  std::vector<std::string> sets;
  std::vector<std::string> command;  ///< empty: the profile's
  bool hooks = true;
  std::optional<BackgroundStreams> background;  ///< none: in the foreground
  bool discard = false;                         ///< leave no record when it has ended
  bool warm = false;       ///< to wait in the gate, with nothing to run, until somebody takes it
  bool resumes = false;    ///< a sandbox of that name that has ended: its log goes on
  std::string worktree;    ///< branch that it works on, in a clone; empty: none
  std::string repository;  ///< with it: the folder in whose repository the branch is
  std::string folder;      ///< the current one; empty until the launch has begun
};

}  // namespace paddock::run
