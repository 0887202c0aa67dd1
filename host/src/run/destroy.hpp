// The end of a sandbox and of everything that is kept of it. [main thread]
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "paddock/contract/result.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// What there is to be destroyed.
struct Doomed {
  State state;
  bool live = false;
  std::filesystem::path workspace;  ///< empty: it stays
};

/// Looks only. Errors: kNoSandbox; kForbiddenPath for a workspace that is more than a workspace,
/// or that another sandbox uses.
Result<Doomed> look_for_destroy(const Store& store, const std::string& name, bool with_workspace);

/// Stops it if it runs, and removes record, receipt and log, and the workspace if named.
/// Idempotent.
Result<void> destroy(const Store& store, const Doomed& doomed, std::chrono::milliseconds grace);

}  // namespace paddock::run
