// A receipt for people. Programs read the stored JSON itself (--json).
#pragma once

#include <string>
#include <string_view>

#include "cli/output.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::cli {

/// A table each for the facts, plugins, ledger, leaves and remarks of a checked receipt. With
/// `plain`, one record a line that begins with its kind: fact, plugin, ledger, leaf, dropped,
/// widening or notice. Errors: kStateCorrupt.
Result<std::string> receipt_text(std::string_view json, bool plain);

/// Its ledger: protection, verdict, evidence, checks that held, mechanism. Errors: kStateCorrupt.
Result<TableView> receipt_ledger(std::string_view json);

}  // namespace paddock::cli
