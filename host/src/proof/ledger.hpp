// The ledger: each line of a plan, the protection it asks for, by what it is enforced and how we
// know. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "paddock/contract/messages.hpp"

namespace paddock::proof {

enum class Verdict : std::uint8_t {
  kHolds,
  kFails,
  kNotEnforced,
  kAssumed,  ///< nothing speaks against it, and nobody looked: not proved
};

/// One observation: a kernel-state check or a probe.
struct Check {
  std::string protection;
  std::string subject;   ///< leaf pointer or path that it is about
  std::string kind;      ///< "kernel", "must-fail", "must-succeed", "gate", "plugin"
  std::string what;      ///< "create a file in '/usr'"
  std::string expected;  ///< "EROFS"
  std::string seen;      ///< "EROFS"
  bool holds = false;
  contract::Evidence evidence = contract::Evidence::kObserved;
};

/// One protection's outcome.
struct Entry {
  std::string protection;
  std::vector<std::string> leaves;                             ///< pointers that asked for it
  std::string mechanism;                                       ///< the backend's word
  contract::Evidence evidence = contract::Evidence::kAssumed;  ///< the best of its checks
  Verdict verdict = Verdict::kFails;
  std::vector<Check> checks;  ///< at least one, or the entry fails
  /// Whether all that speaks for it is what a plugin says of its own work.
  bool is_plugins_word() const;
  /// It holds, and more than a plugin's word says so.
  bool is_proved() const { return verdict == Verdict::kHolds && !is_plugins_word(); }
};

struct Ledger {
  std::vector<Entry> entries;  ///< sorted by protection
  bool holds() const;          ///< no entry fails
};

}  // namespace paddock::proof
