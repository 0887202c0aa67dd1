// A fresh copy of the C plugin, told which rule to break.
#pragma once

#include <string>

#include "paddock/testing/conformance.hpp"
#include "support/temp_dir.hpp"

namespace paddock::test {

class RawPlugin {
 public:
  /// `library` is "raw" or "loud". The environment is set until this is destroyed.
  explicit RawPlugin(const std::string& lie,
                     const std::string& manifest = kHook,
                     const std::string& library = "raw");
  ~RawPlugin();
  RawPlugin(const RawPlugin&) = delete;
  RawPlugin& operator=(const RawPlugin&) = delete;

  testing::Subject subject() const { return {directory_.path(), "{}", {}}; }

  static constexpr const char* kHook = "id = \"raw\"\nkind = \"hook\"\nmethods = [\"run\"]\n";

 private:
  TempDir directory_;  // a path of its own: the loader would return the library of an earlier test
};

}  // namespace paddock::test
