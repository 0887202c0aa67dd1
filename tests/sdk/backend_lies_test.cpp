// The rules of backends, each broken and seen by the suite.
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "paddock/testing/conformance.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock;

namespace {

const std::string kGate = PADDOCK_BUILD_DIR "/libexec/paddock/paddock-gate";

testing::Report check(const std::string& lie, const std::string& gate = {}) {
  return testing::check_backend(
      {PADDOCK_BUILD_DIR "/tests/sdk/plugins/liar-backend", R"({"lie":")" + lie + R"("})", gate});
}

std::string failure(const testing::Report& report, std::string_view id) {
  const testing::Check* found = report.find(id);
  return found == nullptr || found->passed ? "passed" : found->text;
}

// Whether this machine lets us make namespaces; tried in a child.
bool has_namespaces() {
  const pid_t pid = fork();
  if (pid == 0) {
    _exit(unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET) == 0 ? 0 : 1);
  }
  int status = 1;
  waitpid(pid, &status, 0);
  return status == 0;
}

}  // namespace

TEST_CASE("check_backend: an honest one passes every check, in a real sandbox") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  const testing::Report report = check("", kGate);
  CHECK(report.failures() == "");
  CHECK(report.checks.size() > 20);
  CHECK(std::none_of(report.checks.begin(), report.checks.end(),
                     [](const auto& one) { return one.skipped; }));
}

TEST_CASE("check_backend: without gate or backend the cycle is skipped, and says why") {
  const testing::Report no_gate = check("");
  REQUIRE(no_gate.find("BCK-06") != nullptr);
  CHECK(no_gate.find("BCK-06")->skipped);
  CHECK(no_gate.find("BCK-06")->text == "no gate was given");
}

TEST_CASE("check_backend: BCK-01 bad words of probe are seen") {
  CHECK(failure(check("unavailable"), "BCK-01") == "it is unavailable without a reason");
  CHECK(failure(check("nothing"), "BCK-01") == "'isolation' has no mechanism");
  CHECK(failure(check("unknown-protection"), "BCK-01") == "there is no protection 'luck'");
}

TEST_CASE("check_backend: BCK-01 a probe that starts something is seen") {
  CHECK(failure(check("probe-starts"), "BCK-01").starts_with("it leaves a process, "));
}

TEST_CASE("check_backend: BCK-02 a forgotten, surplus or double answer is seen") {
  CHECK(failure(check("forgets"), "BCK-02") == "there is no answer for '/security/rlimits/nofile'");
  CHECK(failure(check("surplus"), "BCK-02") == "'/security' is not a leaf of the plan");
  CHECK(failure(check("twice"), "BCK-02") == "'/isolation' is answered twice");
}

TEST_CASE("check_backend: BCK-03 a prepare that acts is seen") {
  CHECK(failure(check("acts-early"), "BCK-03") == "something is left in the runtime directory");
}

TEST_CASE("check_backend: BCK-04 an answer that depends on earlier calls is seen") {
  CHECK(failure(check("counts"), "BCK-04") == "two equal calls of 'prepare' differ");
}

TEST_CASE("check_backend: BCK-05 an answer without mechanism or why is seen") {
  CHECK(failure(check("by-nothing"), "BCK-05") == "'/isolation' is enforced by nothing");
  CHECK(failure(check("wordless-no"), "BCK-05") == "'/isolation' is not enforced without a why");
}

TEST_CASE("check_backend: BCK-06 a sandbox without a gate is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("no-gate", kGate), "BCK-06") == "the gate says no hello on its channel");
}

TEST_CASE("check_backend: BCK-07 what a failed create leaves is seen") {
  CHECK(failure(check("leaves-file", kGate), "BCK-07") ==
        "a file is left in the runtime directory: half-made");
}

TEST_CASE("check_backend: BCK-08 an exec outside of the sandbox is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("exec-outside", kGate), "BCK-08") == "its mnt namespace is another one");
}

TEST_CASE("check_backend: BCK-08 an exec with less confinement is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("exec-looser", kGate), "BCK-08") ==
        "its NoNewPrivs is '0', the sandbox's '1'");
}

TEST_CASE("check_backend: BCK-08 an exec in another kernel than the sandbox's is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("other-kernel", kGate), "BCK-08") ==
        "the sandbox's own kernel does not hold its channel");
}

TEST_CASE("check_backend: BCK-09 an ended sandbox called running is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("always-running", kGate), "BCK-09") == "an ended sandbox is not 'gone'");
}

TEST_CASE("check_backend: BCK-10 a stop that cannot be repeated is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("stop-once", kGate), "BCK-10").starts_with("'stop' returns 1: "));
}

TEST_CASE("check_backend: BCK-10 a stop that ends nothing, and denies it, is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("stop-lies", kGate), "BCK-10") == "the gate still runs after stop");
}

TEST_CASE("check_backend: BCK-11 a remove of what is not the sandbox's is seen") {
  CHECK(failure(check("remove-all", kGate), "BCK-11") ==
        "a file that 'objects' does not name is gone from the runtime directory");
}

TEST_CASE("check_backend: BCK-11 a remove that cannot be repeated is seen") {
  CHECK(failure(check("remove-once", kGate), "BCK-11").starts_with("'remove' returns 1: "));
}

TEST_CASE("check_backend: BCK-13 a mount of whatever the path leads to is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("mounts-anything", kGate), "BCK-13") ==
        "it mounts another source than the plan's");
}

TEST_CASE("check_backend: BCK-14 a volume that moves or stays is seen") {
  CHECK(failure(check("volume-moves"), "BCK-14") == "it is in another place the second time");
  CHECK(failure(check("volume-stays"), "BCK-14") == "remove leaves it");
  CHECK(failure(check(""), "BCK-14") == "passed");
}

TEST_CASE("check_backend: BCK-12 a leaked descriptor is seen") {
  if (!has_namespaces()) {
    PADDOCK_SKIP("no user namespaces here");
  }
  CHECK(failure(check("leaks", kGate), "BCK-12").starts_with("a descriptor is left: "));
}
