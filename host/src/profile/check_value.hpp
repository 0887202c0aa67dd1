// One key's value against its row of the option table: type, choices, range, form. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/option.hpp"
#include "profile/problems.hpp"

namespace paddock::profile {

/// Where a value stands, for messages.
struct Place {
  std::string key;    ///< dotted below its table
  std::string table;  ///< "process", "hardener.baseline"; "" at the top of the file
  bool plain = true;  ///< the text must be one line without control or bidi characters
};

/// Adds a problem for everything wrong with `value`.
void check_value(const Node& value, const OptionSpec& spec, const Place& place, Problems& problems);

/// "an integer", "a size such as \"512MiB\"": what a row takes, for messages.
std::string expected(const OptionSpec& spec);

/// " in [process]", or nothing at the top of the file.
std::string in_table(const std::string& table);

/// The value as a count of bytes (sizes), or nullopt. Works on values that passed check_value.
std::optional<std::uint64_t> size_of(const Node& value);
/// Integer or decimal as a double.
std::optional<double> number_of(const Node& value);
/// "0027" as bits, or nullopt.
std::optional<unsigned> octal_of(std::string_view text);

}  // namespace paddock::profile
