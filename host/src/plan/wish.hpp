// One op on its way into a plan, and what is legal for it.
#pragma once

#include <optional>
#include <string>

#include "plan/plan.hpp"

namespace paddock::plan {

/// An op that has passed check_op. `value` is in normal form; nullopt: remove the entry.
struct Wish {
  std::string plugin;
  SourcePos where;  ///< of the option behind it in the profile, else of the plugin's table
  std::string pointer;
  std::optional<std::string> value;
  std::string reason;
};

/// The wish behind one op. Errors: kBadOp naming the plugin, the path and what is wrong.
Result<Wish> check_op(const Draft& base, const Wishes& from, const contract::Op& op);

/// "'baseline' (web.toml:4:1)".
std::string asker(std::string_view plugin, const SourcePos& where);

/// A value as messages show it: environment variables hidden, long ones cut.
std::string quoted_value(std::string_view pointer, const std::optional<std::string>& value);

}  // namespace paddock::plan
