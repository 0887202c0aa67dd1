// Values of leaves as JSON text: checked, in one normal form, and merged by the narrow rules.
// Pure. The only other room of JSON here is assemble.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "paddock/contract/leaves.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plan {

/// The least CPU limit: the kernel's quota is at least 1 ms (min_cfs_quota_period), and every
/// backend's period is 100 ms.
inline constexpr std::uint32_t kLeastCpusMilli = 10;

/// The normal form of `json` as a value for the leaf at `pointer`: compact, members and sets
/// sorted. Errors: kBadOp, whose text completes "'x' asks for /leaf = value, which ...".
Result<std::string> check_value(const contract::LeafRule& rule,
                                std::string_view pointer,
                                std::string_view json);

/// The normal form of a value that leaves() wrote.
std::string normal_value(const contract::LeafRule& rule, std::string_view json);

/// Whether two wishes for this leaf always meet (kTrue, kLess, ...).
bool is_narrow(contract::Merge merge);

/// The value that is as strict as both; commutative, associative and idempotent. Both values are
/// in normal form, and the rule is a narrow one.
std::string narrow(const contract::LeafRule& rule, std::string_view a, std::string_view b);

/// What two sets of names do not share, each as a JSON array; empty text for none.
struct SetDifference {
  std::string added, removed;
};
SetDifference compare_sets(std::string_view before, std::string_view after);

/// A mount's entry as a struct; nullopt when it is not one.
std::optional<contract::Mount> mount_value(std::string_view json);

}  // namespace paddock::plan
