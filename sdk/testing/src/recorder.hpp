// Collects the outcome of a suite, one Check a rule however often it is tried.
#pragma once

#include <string>
#include <string_view>

#include "paddock/testing/conformance.hpp"

namespace paddock::testing {

class Recorder {
 public:
  /// Tries a rule once more; the first violation's text stays. Returns `holds`.
  bool expect(std::string_view name, bool holds, std::string violation);
  void skip(std::string_view name, std::string why);
  bool passed() const { return report_.passed(); }
  Report take() { return std::move(report_); }

 private:
  Check& check(std::string_view name);

  Report report_;
};

}  // namespace paddock::testing
