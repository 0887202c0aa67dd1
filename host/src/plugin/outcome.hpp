// What a call of the ABI came to, the same whether it ran here or in a child. Pure; [any thread].
#pragma once

#include <cstdint>
#include <set>
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

/// Judges what one plugin's calls came to.
class Judge {
 public:
  /// `config_json` is the Config that the plugin was given: its errors may point to a file of that,
  /// and to no other.
  Judge(std::string plugin, std::string_view config_json);

  /// The reply, or why there is none: the plugin's own error with its name added,
  /// kPluginMisbehaved, kPluginTimeout, kInterrupted.
  Result<std::string> operator()(std::string_view method, const Outcome& outcome) const;

 private:
  Result<std::string> own_error(std::string_view method, const Outcome& outcome) const;
  Result<std::string> given_up(std::string_view method, const Outcome& outcome) const;
  void tame(Error& error) const;

  std::string plugin_;
  std::set<std::string> files_;
};

/// "plugin 'x' does not finish 'adjust' in time".
Failure too_late(std::string_view plugin, std::string_view method);

/// "plugin 'x' misbehaves in 'adjust': what".
Failure misbehaved(std::string_view plugin, std::string_view method, const std::string& what);

}  // namespace paddock::plugin
