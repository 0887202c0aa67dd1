#include "paddock/testing/conformance.hpp"

#include "rig.hpp"
#include "support/catch.hpp"

using namespace paddock;

namespace {

const std::string kPlugins = PADDOCK_BUILD_DIR "/lib/paddock/plugins/";

void expect(const testing::Report& report) {
  INFO(report.failures());
  CHECK(report.passed());
  CHECK(report.checks.size() > 5);
}

}  // namespace

TEST_CASE("baseline: keeps the contract", "[baseline][conformance]") {
  expect(testing::check_hardener(
      {kPlugins + "baseline",
       R"({"keep":[],"masked_paths":[],"read_only_paths":[],"hidden_paths":[],"umask":"0022",)"
       R"("core":0})",
       ""}));
}

TEST_CASE("bubblewrap: keeps the contract", "[bubblewrap][conformance][integration]") {
  expect(testing::check_backend({kPlugins + "bubblewrap", "{}", test::gate_program()}));
}
