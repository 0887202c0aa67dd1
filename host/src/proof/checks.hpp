// Collecting kernel-state checks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "paddock/contract/result.hpp"
#include "proof/ledger.hpp"

namespace paddock::proof {

/// The number, or "unlimited" for the largest.
std::string limit_text(std::uint64_t value);

/// Checks of one protection.
class Checks {
 public:
  Checks(std::vector<Check>& list, std::string_view protection)
      : list_(list), protection_(protection) {}

  void add(std::string_view subject,
           std::string_view what,
           std::string expected,
           std::string seen,
           bool holds);
  /// Holds when both texts are equal.
  void equal(std::string_view subject,
             std::string_view what,
             std::string expected,
             std::string seen);
  /// The word of the gate or of a plugin (`kind`).
  void word(std::string_view kind,
            std::string_view subject,
            std::string_view what,
            std::string expected,
            std::string seen,
            bool holds);
  /// Nothing that can be looked at: it was so when `why` began.
  void assume(std::string_view subject, std::string_view what, std::string why);
  /// State that cannot be read proves nothing.
  void unread(std::string_view what, const Error& error);
  /// `things` must be empty.
  void none(std::string_view subject,
            std::string_view what,
            const std::vector<std::string>& things);

 private:
  std::vector<Check>& list_;
  std::string protection_;
};

}  // namespace paddock::proof
