// The rules of hardeners, each broken and seen by the suite.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "paddock/testing/conformance.hpp"
#include "support/catch.hpp"

using namespace paddock;

namespace {

testing::Report check(const std::string& lie) {
  return testing::check_hardener(
      {PADDOCK_BUILD_DIR "/tests/sdk/plugins/liar-hardener", R"({"lie":")" + lie + R"("})", {}});
}

std::string failure(const std::string& lie, std::string_view id) {
  const testing::Report report = check(lie);
  const testing::Check* found = report.find(id);
  return found == nullptr || found->passed ? "passed" : found->text;
}

}  // namespace

TEST_CASE("check_hardener: an honest one passes every check") {
  const testing::Report report = check("");
  CHECK(report.failures() == "");
  CHECK(report.checks.size() > 15);
}

TEST_CASE("check_hardener: one lie fails one check and no other") {
  for (const char* lie : {"unknown-protection", "not-a-leaf", "wrong-type", "same-id", "no-reason",
                          "wordless-veto", "release-once", "release-attached", "leaves-limit",
                          "unseen", "holds", "holds:capabilities", "counts"}) {
    INFO(lie);
    const std::string failures = check(lie).failures();
    CHECK(std::count(failures.begin(), failures.end(), '\n') == 1);
  }
}

TEST_CASE("check_hardener: HRD-01 a protection that does not exist is seen") {
  CHECK(failure("unknown-protection", "HRD-01") == "there is no protection 'good-luck'");
}

TEST_CASE("check_hardener: HRD-02 an answer that depends on earlier calls is seen") {
  CHECK(failure("counts", "HRD-02") == "two equal calls of 'adjust' differ");
}

TEST_CASE("check_hardener: HRD-03 an op on no leaf, or of another type, is seen") {
  CHECK(failure("not-a-leaf", "HRD-03") ==
        "op 'set /security': '/security' is not a leaf of the plan");
  CHECK(failure("wrong-type", "HRD-03") ==
        "op 'set /resources/pids': message 'Plan': '/resources/pids' must be an integer from 0 to "
        "4294967295");
}

TEST_CASE("check_hardener: HRD-04 two ops with one id, and one without a reason, are seen") {
  CHECK(failure("same-id", "HRD-04") == "two ops are called 'set /security/no_new_privs'");
  CHECK(failure("no-reason", "HRD-04") == "op 'set /security/no_new_privs' has no id or reason");
}

TEST_CASE("check_hardener: HRD-05 a veto without a reason is seen") {
  CHECK(failure("wordless-veto", "HRD-05") == "the veto has no reason");
}

TEST_CASE("check_hardener: HRD-06 a release that cannot be repeated is seen") {
  CHECK(failure("release-once", "HRD-06") ==
        R"('release' returns 1: {"code":"P0209","what":"nothing to release","excerpt":"",)"
        R"("context":[],"hints":[],"others":[]})");
}

TEST_CASE("check_hardener: HRD-06 a release that fails after attach, or leaves its work, is seen") {
  CHECK(failure("release-attached", "HRD-06") ==
        R"('release' returns 1: {"code":"P0209","what":"it is attached","excerpt":"",)"
        R"("context":[],"hints":[],"others":[]})");
  CHECK(failure("leaves-limit", "HRD-06") ==
        "what attach changed in /proc/PID/limits is still there");
}

TEST_CASE("check_hardener: HRD-07 a finding that names nothing seen is seen") {
  CHECK(failure("unseen", "HRD-07") == "'no-new-privs' comes without what was seen");
}

TEST_CASE("check_hardener: HRD-08 an unconfined process called confined is seen") {
  CHECK(failure("holds", "HRD-08") == "'no-new-privs' holds of a process that has it not");
  for (const std::string name : {"capabilities", "namespaces", "mounts.declared-only",
                                 "process.session", "process.limits"}) {
    CHECK(failure("holds:" + name, "HRD-08") ==
          "'" + name + "' holds of a process that has it not");
  }
}

TEST_CASE("check_hardener: HRD-08 the truth about a confined test process is no lie") {
  const pid_t child = fork();
  if (child == 0) {
    const bool confined = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    _exit(confined && failure("", "HRD-08") == "passed" &&
                  failure("holds:namespaces", "HRD-08") != "passed"
              ? 0
              : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("check_hardener: API-11 an instance that a failed call spoils is seen") {
  CHECK(failure("spoiled", "API-11").starts_with("'adjust' answers otherwise afterwards: "));
}

TEST_CASE("check_hardener: API-15 a changed umask is seen") {
  CHECK(failure("umask", "API-15") == "'Umask:\t0022' is now 'Umask:\t0000'");
}
