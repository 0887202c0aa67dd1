// A ledger for people and machines.
#pragma once

#include <chrono>
#include <string>

#include "base/node.hpp"
#include "proof/ledger.hpp"

namespace paddock::cli {

/// "proved 18 of 20 protections in 9 ms; assumed: process.umask; not enforced: cgroup.cpu".
std::string proof_summary(const proof::Ledger& ledger, std::chrono::microseconds took);

/// One row a protection. `fd` decides about colour.
std::string ledger_table(const proof::Ledger& ledger, bool plain, int fd = 1);

/// The checks that do not hold, one line each; empty when all do.
std::string failed_checks(const proof::Ledger& ledger);

/// Each protection with verdict, evidence and mechanism, without its checks.
Node verdicts_node(const proof::Ledger& ledger);
/// Entries with their checks.
Node ledger_node(const proof::Ledger& ledger);

/// "ok", "FAIL", "not enforced" or "assumed".
std::string_view verdict_text(proof::Verdict verdict);

}  // namespace paddock::cli
