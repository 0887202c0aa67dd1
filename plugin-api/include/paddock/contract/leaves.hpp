// The plan's leaves: each one's merge rule and the protection that it asks for. This table is
// the single source for merging, negotiation, `paddock plan`, the ledger and the specification.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/plan.hpp"

namespace paddock::contract {

/// How two wishes for one leaf meet (DESIGN section 5; plugin-api/README.md "Merging").
enum class Merge : std::uint8_t {
  kExclusive,  ///< equal values co-own, different ones conflict
  kTrue,       ///< narrow: true wins
  kLess,       ///< narrow: the smaller number wins; also of map entries that are numbers
  kSubset,     ///< narrow: intersection
  kSuperset,   ///< narrow: union
  kLattice,    ///< narrow: the stricter name wins
  kMoreBits,   ///< narrow: bitwise or of octal text
  kKeyed,      ///< a map entry: one owner a key
};

/// One row: `pattern` is a JSON pointer in which `*` stands for one map key.
struct LeafRule {
  std::string_view pattern;
  Merge merge;
  std::string_view protection;  ///< what must hold because of it; empty: nothing to enforce
  std::string_view meaning;     ///< one line for people
};

/// All rows, in the order of the plan.
const std::vector<LeafRule>& leaf_rules();

/// The row of a concrete pointer ("/mounts/~1tmp"), or null.
const LeafRule* leaf_rule(std::string_view pointer);

/// The names of a kLattice leaf, strictest first; empty for every other rule.
std::vector<std::string_view> strictest_first(const LeafRule& rule);

/// One leaf of a concrete plan. Map entries (mounts, rlimits, environment) are one leaf each; a
/// list is one leaf; an absent optional is none.
struct Leaf {
  std::string pointer;   ///< RFC 6901
  std::string value;     ///< compact JSON
  const LeafRule* rule;  ///< never null
};

/// Every leaf of `plan`, in the order of leaf_rules().
std::vector<Leaf> leaves(const Plan& plan);

/// RFC 6901 escaping of one reference token: '~' to "~0", '/' to "~1".
std::string escape_pointer(std::string_view token);
std::string unescape_pointer(std::string_view token);

}  // namespace paddock::contract
