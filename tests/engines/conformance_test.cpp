#include "paddock/testing/conformance.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "engines/guests.hpp"
#include "engines/proxy.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

/// What the suite has to complain of; empty: nothing.
std::string complaints(const TestEngine& engine) {
  ::setenv(engine.variable.c_str(), ("unix://" + engine.socket).c_str(), 1);
  const auto report =
      testing::check_backend({PADDOCK_BUILD_DIR "/lib/paddock/plugins/" + engine.id, "{}",
                              PADDOCK_BUILD_DIR "/libexec/paddock/paddock-gate"});
  std::string text = report.checks.empty() ? "nothing was checked" : report.failures();
  for (const testing::Check& check : report.checks) {
    text += check.skipped ? "skipped: " + check.name + ": " + check.text + "\n" : "";
  }
  return text;
}

/// The same as the engine's user: the suite runs the plugin in the process that it is called in.
std::string complaints_as_user(const TestEngine& engine) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    engine.become_user();
    const std::string text = complaints(engine);
    ::_exit(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0
                                                                                            : 1);
  }
  ::close(ends[1]);
  std::string text;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], bytes, sizeof bytes)) > 0;) {
    text.append(bytes, static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  return text;
}

}  // namespace

TEST_CASE("engine: keeps the contract", "[engine][conformance]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    CHECK(complaints_as_user(engine) == "");
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: keeps the contract with a kernel in user space",
          "[engine][guest][conformance]") {
  NEEDS_GVISOR(engine);
  const World world;
  const Proxy proxy(*engine, world, "offer:runsc");  // the suite asks for no kernel of its own
  TestEngine guests = *engine;
  guests.socket = proxy.path();
  CHECK(complaints_as_user(guests) == "");
  CHECK(engine->containers().empty());
}
