// A running sandbox as another process meets it: its state, what it was judged by, its plugins.
// [main thread]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "proof/ledger.hpp"
#include "run/plugins.hpp"
#include "run/record.hpp"
#include "run/state.hpp"

namespace paddock::run {

struct Running {
  State state;
  Record record;
  plugin::Registry registry;
  std::unique_ptr<plugin::Instance> backend;
};

/// Errors: kNoSandbox, kNotRunning (coming up or ending), kStateCorrupt, those of loading.
Result<Running> open_running(const Store& store, const std::string& name);

/// What the hardeners see now.
Result<std::vector<contract::VerifyReply>> ask_hardeners(const Running& running);

}  // namespace paddock::run
