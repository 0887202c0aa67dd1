// What a later layer may do to a value that an earlier one set: one pure function per question.
#pragma once

#include <string>

#include "base/option.hpp"

namespace paddock::profile {

/// Whether `after` grants anything that `before` did not, by the row's rule. Both passed
/// check_value. Under kFixed any change loosens; under kFree none does.
bool loosens(const OptionSpec& spec, const Node& before, const Node& after);

/// The strictest of two values that neither layer may loosen (two parents of one profile):
/// the smaller number, the intersection or union, more bits, the stricter name. Where the rule
/// knows no order (kFree, kFixed, kInside) the later one, `after`.
Node strictest(const OptionSpec& spec, const Node& before, const Node& after);

/// Whether two values are the same, whatever their spelling ("1GiB" and 1073741824).
bool same_value(const OptionSpec& spec, const Node& a, const Node& b);

/// "may only get smaller": the rule in words, for a message.
std::string_view rule_text(Narrowing narrowing);

}  // namespace paddock::profile
