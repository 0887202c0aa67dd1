// The proof once more, on a running sandbox. [main thread]
#pragma once

#include <string>

#include "proof/ledger.hpp"
#include "run/state.hpp"

namespace paddock::run {

struct Verified {
  State state;
  proof::Ledger ledger;
};

/// Kernel state of the sandbox's first process, and fresh probes by a gate that enters and ends.
/// A ledger that does not hold is a result, not an error.
Result<Verified> verify(const Store& store, const std::string& name);

}  // namespace paddock::run
