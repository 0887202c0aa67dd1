// What a call of the ABI came to, the same whether it ran here or in a child. Pure; [any thread].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"
#include "plugin/call_limits.hpp"

namespace paddock::plugin {

/// The longest error object that is read.
inline constexpr std::size_t kMaxErrorBytes = 64 << 10;

struct Outcome {
  std::int32_t status = 0;
  std::string reply;
  std::string error;
  bool reply_overflowed = false;
  bool error_overflowed = false;
  bool threw = false;
  bool logged_too_much = false;
  Stop stop = Stop::kNone;  ///< what the host had asked for by then
};

/// The reply, or why there is none: the plugin's own error with its name added, or
/// kPluginMisbehaved.
Result<std::string> judge(std::string_view plugin, std::string_view method, const Outcome& outcome);

/// "plugin 'x' does not finish 'adjust' in time".
Failure too_late(std::string_view plugin, std::string_view method);

/// "plugin 'x' misbehaves in 'adjust': what".
Failure misbehaved(std::string_view plugin, std::string_view method, const std::string& what);

}  // namespace paddock::plugin
