// A sandbox's state for people and machines, as `ps` and `inspect` show it.
#pragma once

#include <string>

#include "base/node.hpp"
#include "cli/output.hpp"
#include "run/state.hpp"

namespace paddock::cli {

/// "3 m", "2 h", from an RFC 3339 time until now; "?" for what is none.
std::string age(const std::string& since);

/// "running", "abandoned", "ended (0)", "lost", ..., in its colour.
Cell status_cell(const run::State& state);

/// Whether it is there and in order.
bool is_live(const run::State& state);

/// The members that every JSON view of a sandbox has.
Node::Table state_table(const run::State& state);

}  // namespace paddock::cli
