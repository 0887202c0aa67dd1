#include "paddock/testing/conformance.hpp"

#include <cstdlib>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock;
using namespace paddock::test;

TEST_CASE("engine: keeps the contract", "[engine][conformance]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.id);
    ::setenv(engine.variable.c_str(), ("unix://" + engine.socket).c_str(), 1);
    const auto report =
        testing::check_backend({PADDOCK_BUILD_DIR "/lib/paddock/plugins/" + engine.id, "{}",
                                PADDOCK_BUILD_DIR "/libexec/paddock/paddock-gate"});
    INFO(report.failures());
    CHECK(report.passed());
    for (const testing::Check& check : report.checks) {
      CAPTURE(check.name, check.text);
      CHECK_FALSE(check.skipped);
    }
    CHECK(engine.containers().empty());
  }
}
