// Every plugin that paddock ships passes its suite.
#include "paddock/testing/conformance.hpp"

#include <iostream>

#include "support/catch.hpp"

using namespace paddock;

namespace {

const std::string kPlugins = PADDOCK_BUILD_DIR "/lib/paddock/plugins/";

}  // namespace

TEST_CASE("conformance: baseline passes") {
  const auto report = testing::check_hardener(
      {kPlugins + "baseline",
       R"({"keep":[],"masked_paths":["/proc/kcore"],"read_only_paths":["/proc/sys"],)"
       R"("hidden_paths":[],"umask":"0022","core":0})",
       {}});
  CHECK(report.failures() == "");
}

TEST_CASE("conformance: bubblewrap passes, with a real sandbox where there can be one") {
  const auto report = testing::check_backend(
      {kPlugins + "bubblewrap", "{}", PADDOCK_BUILD_DIR "/libexec/paddock/paddock-gate"});
  REQUIRE(report.failures() == "");
  for (const testing::Check& check : report.checks) {
    if (check.skipped) {
      std::cout << "paddock-skip: " << check.name << ": " << check.text << std::endl;
    }
  }
}
