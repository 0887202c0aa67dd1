// Conformance suites: load a plugin as a host does, drive the ABI and say which of the
// specification's rules (plugin-api/README.md) it keeps. For the tests of a plugin, with any test
// framework:
//
//   const auto report = paddock::testing::check_hardener({PLUGIN_DIRECTORY, R"({"keep":[]})"});
//   assert(report.passed() && "see report.failures()");
//
// The suites run the plugin's code in this process, and check_backend starts a sandbox.
// [one thread; the process must have no other child processes meanwhile]
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace paddock::testing {

/// The plugin under test.
struct Subject {
  std::filesystem::path directory;  ///< holds manifest.toml and lib<id>.so
  std::string values = "{}";        ///< its option values as a JSON object, defaults included
  std::filesystem::path gate;       ///< paddock-gate; empty: check_backend creates no sandbox
};

/// One rule, checked.
struct Check {
  std::string name;  ///< "BCK-02: one answer for every leaf and none else"
  bool passed = true;
  bool skipped = false;  ///< could not be tried here; `text` says why
  std::string text;      ///< first violation, or why it was skipped
};

struct Report {
  std::vector<Check> checks;

  bool passed() const;           ///< no check failed; skipped ones do not count
  std::string failures() const;  ///< one line for each failed check
  /// The check whose name begins with `id`, or null.
  const Check* find(std::string_view id) const;
};

/// Each returns what it got to: a plugin that cannot be loaded has few checks, one of them failed.
Report check_backend(const Subject& subject);
Report check_hardener(const Subject& subject);
Report check_hook(const Subject& subject);

}  // namespace paddock::testing
