// What becomes of one leaf that several ask for. Pure; the order of wishes decides nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/wish.hpp"

namespace paddock::plan {

/// A settled leaf.
struct Settled {
  std::optional<std::string> value;  ///< nullopt: no such entry
  std::vector<Origin> origins;       ///< winner first, then what it overrode
};

/// Everything about one leaf: `base` are the base plan's origins (empty: a new entry), `wishes`
/// are sorted by plugin and not empty, `resolve` is the profile's entry for it (empty: none).
struct Contest {
  std::string pointer;
  const contract::LeafRule& rule;
  std::optional<std::string> base_value;  ///< normal form
  std::vector<Origin> base;
  std::vector<Wish> wishes;
  std::string resolve;
};

/// Errors: kConflict with both askers, values, reasons and places, and the entry that settles it.
Result<Settled> settle(Contest contest);

}  // namespace paddock::plan
