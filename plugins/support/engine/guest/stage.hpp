// gVisor's gofer opens what it serves when it starts, before its mounts can be changed: what is to
// have another owner has it by then. Such mounts are put up where the engine looks, below a
// directory that only root enters, read-only, so that nothing there can be hurt; they go as soon as
// the gofer has copies of its own.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"
#include "support/etc_files.hpp"

namespace paddock::engine {

struct StagedMount {
  std::string target;  ///< inside
  std::string source;
  std::optional<contract::FileIdentity> identity;  ///< what is pinned
  std::string place;                               ///< where the engine finds it
};

/// A file of paddock's own, on the stage's tmpfs.
struct StagedFile {
  support::MadeFile file;
  std::string place;
};

struct Stage {
  std::string directory = {};
  std::vector<StagedMount> mounts = {};
  std::vector<StagedFile> files = {};

  bool is_empty() const { return mounts.empty() && files.empty(); }

  /// Where the engine finds the mount at `target`; null: at its own source.
  const std::string* place_of(const std::string& target) const;
};

/// Where the stage of a sandbox with this runtime directory is.
std::string stage_directory(const std::string& runtime_dir);

/// What of the plan's is the caller's, and has to show as the workload's user's; and the files of
/// /etc that a sandbox brings.
Stage plan_stage(const contract::Plan& plan, const std::string& runtime_dir);

/// Puts it up in the mounts of process `engine`; nothing is left behind an error. Errors:
/// kBackendRefused for a source that is not the pinned one, kSystem.
Result<void> put_up(const Stage& stage, pid_t engine, const contract::User& user);

/// Writes the files anew, as they are by now, for whoever has them already.
Result<void> write_again(const Stage& stage, pid_t engine);

/// Takes down the stage at `directory`, if it is there.
Result<void> take_down(const std::string& directory, pid_t engine);

/// Why `mount` cannot be shown as `user`'s; "" for what is, or can.
std::string foreign_owner(const contract::Mount& mount, const contract::User& user);

}  // namespace paddock::engine
