// One key that a profile may set: the table row behind the loader, the narrowing rule between
// layers, `paddock profile schema` and the help. Core rows are in profile/core_options.cpp,
// plugin rows come from manifests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/node.hpp"

namespace paddock {

enum class OptionType : std::uint8_t {
  kBoolean,
  kInteger,
  kSize,    ///< "512MiB" or an integer of bytes
  kNumber,  ///< integer or decimal, such as CPUs
  kText,
  kTexts,      ///< array of strings
  kTextTable,  ///< table of strings with free keys, such as environment variables
};

/// What a later layer may do to a value that an earlier one set (DESIGN section 5).
enum class Narrowing : std::uint8_t {
  kFree,      ///< replace at will; grants nothing
  kFixed,     ///< may not change once set
  kTrue,      ///< false to true only
  kFalse,     ///< true to false only
  kLess,      ///< smaller only
  kSubset,    ///< drop list entries only
  kSuperset,  ///< add list entries only
  kStricter,  ///< only towards the front of `choices`
  kMoreBits,  ///< octal text; bits may be added only
  kInside,    ///< a host folder; the same or one inside it only
};

struct OptionSpec {
  std::string key;  ///< dotted below its table: "memory", "user.uid"
  OptionType type = OptionType::kText;
  Narrowing narrowing = Narrowing::kFree;
  std::vector<std::string> choices;  ///< for kText: the only values; strictest first for kStricter
  std::optional<std::int64_t> minimum;
  std::optional<std::int64_t> maximum;
  std::optional<Node> default_value;
  bool required = false;
  std::string doc;  ///< one line: meaning, unit
};

}  // namespace paddock
