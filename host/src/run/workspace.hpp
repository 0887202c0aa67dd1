// The workspace of a sandbox, running or ended, from outside. What lies in it is the work's: it is
// opened as what was mounted or not at all, and nothing in it is followed. [main thread]
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/unique_fd.hpp"
#include "paddock/contract/plan.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// A folder of the host that is (part of) a sandbox's workspace.
struct WorkFolder {
  std::string name;    ///< "imports"; empty: the whole of /workspace
  std::string source;  ///< on the host
  bool read_only = false;
  std::optional<contract::FileIdentity> identity;
};

struct Workspace {
  State state;
  std::vector<WorkFolder> folders;  ///< sorted by name
};

/// Errors: kNoSandbox, also for one that was never proved, kStateCorrupt.
Result<Workspace> open_workspace(const Store& store, const std::string& name);

/// The folder of that name, which inside must be read-only or not. Errors: kMissingKey with what
/// the profile lacks, kWrongType... see the texts.
Result<WorkFolder> named_folder(const Workspace& workspace,
                                const std::string& name,
                                bool read_only);

/// A descriptor of the very folder that was mounted, no link followed. Errors: kSystem,
/// kForbiddenPath when it is another by now.
Result<os::UniqueFd> open_folder(const WorkFolder& folder);

}  // namespace paddock::run
