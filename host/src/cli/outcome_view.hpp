// How a command in a sandbox ended, as `run` and `exec` tell it.
#pragma once

#include <string_view>

#include "base/node.hpp"
#include "run/launch.hpp"

namespace paddock::cli {

/// A launch and its proof, as JSON.
Node::Table launch_table(std::string_view schema,
                         const run::State& state,
                         const proof::Ledger& ledger);
/// {"schema": `schema`, ...}: whose sandbox, the exit status and each protection's verdict.
Node::Table outcome_table(std::string_view schema,
                          const run::State& state,
                          const proof::Ledger& ledger,
                          const run::Outcome& outcome);

/// The object as one line on standard error: standard output is the command's.
void print_outcome(Node::Table table);

/// Says in the log when the memory limit ended a process.
void warn_of_memory(const run::State& state, const run::Outcome& outcome);

}  // namespace paddock::cli
