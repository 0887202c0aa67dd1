// What `paddock inspect` shows. [main thread]
#pragma once

#include <string>

#include "base/node.hpp"
#include "paddock/contract/result.hpp"
#include "run/inspect.hpp"

namespace paddock::cli {

/// Sections of facts, processes, mounts, limits, protections and control groups; with `plain` one
/// record a line. Errors: kStateCorrupt.
Result<std::string> inspect_text(const run::Inspected& inspected, bool plain);

/// paddock.inspect/1. Errors: kStateCorrupt.
Result<Node> inspect_node(const run::Inspected& inspected);

}  // namespace paddock::cli
