// What `paddock stats` shows. Pure but for colour; [main thread].
#pragma once

#include <string>
#include <vector>

#include "base/node.hpp"
#include "run/usage.hpp"

namespace paddock::cli {

/// One row a sandbox; `?` for what cannot be known, `-` for a limit that is none.
std::string stats_table(const std::vector<run::Meter>& meters, bool plain);

/// A few lines a sandbox: bars against the limits, and how it went. At most `columns` wide.
std::string stats_screen(const std::vector<run::Meter>& meters, std::size_t columns, bool ascii);

/// paddock.stats/1: what is not known has no member.
Node stats_node(const std::vector<run::Meter>& meters, const std::string& time);

}  // namespace paddock::cli
