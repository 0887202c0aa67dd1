// Judging results: nothing passes that the kernel did not say.
#include <errno.h>

#include "proof/proof.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

using proof::Check;
using proof::ProbeResult;
using proof::Trial;

Trial trial(const char* id, bool must_fail, std::size_t calls = 1) {
  Trial it;
  it.probe.id = id;
  it.probe.calls.resize(calls);
  it.expectation.kind = must_fail ? "must-fail" : "must-succeed";
  it.expectation.expected = must_fail ? "EROFS" : "succeeds";
  if (must_fail) {
    it.allowed_errors = {EROFS};
    it.twin = "twin";
  }
  return it;
}

ProbeResult ok(const char* id, std::int64_t value = 3, int step = 0) {
  return {id, step, value, 0, 0};
}
ProbeResult error(const char* id, int number, int step = 0) {
  return {id, step, -1, number, 0};
}

/// A must-fail with a twin that gave `twin`.
Check judged(const Trial& it, const ProbeResult& result, const ProbeResult& twin = ok("twin")) {
  const auto checks = proof::judge({trial("twin", false), it}, {twin, result});
  REQUIRE(checks.size() == 2);
  return checks[1];
}

}  // namespace

TEST_CASE("judge: a must-fail holds with the named error alone") {
  const Trial it = trial("it", true);
  CHECK(judged(it, error("it", EROFS)).holds);
  CHECK_FALSE(judged(it, error("it", EACCES)).holds);
  CHECK(judged(it, error("it", EACCES)).seen == "EACCES");
  CHECK_FALSE(judged(it, ok("it")).holds);
  CHECK(judged(it, ok("it")).seen == "succeeds");
}

TEST_CASE("judge: a must-fail whose twin did not succeed proves nothing") {
  const Trial it = trial("it", true);
  const Check check = judged(it, error("it", EROFS), error("twin", EROFS));
  CHECK_FALSE(check.holds);
  CHECK(check.seen == "EROFS, but the trial that must succeed did not");
  Trial alone = it;
  alone.twin = "nobody";
  CHECK_FALSE(judged(alone, error("it", EROFS)).holds);
}

TEST_CASE("judge: the refused call must be the one that the trial is about") {
  Trial it = trial("it", true, 2);
  it.decisive = 1;
  CHECK(judged(it, error("it", EROFS, 1)).holds);
  const Check early = judged(it, error("it", EROFS, 0));
  CHECK_FALSE(early.holds);
  CHECK(early.seen == "EROFS at step 0");
  CHECK_FALSE(judged(it, ok("it", 0, 0)).holds);  // cut short without an error
}

TEST_CASE("judge: a call before the decisive one may be refused, where that is as good") {
  Trial it = trial("it", true, 2);
  it.decisive = 1;
  it.earlier_will_do = true;
  CHECK(judged(it, error("it", EROFS, 0)).holds);
  CHECK(judged(it, error("it", EROFS, 1)).holds);
  CHECK_FALSE(judged(it, error("it", ENOENT, 0)).holds);
  CHECK_FALSE(judged(it, ok("it", 0, 1)).holds);
}

TEST_CASE("judge: what the workload itself can cause is no failure, and is told") {
  Trial writable = trial("it", false);
  CHECK_FALSE(judged(writable, error("it", ENOSPC)).holds);
  writable.excused = {ENOSPC};
  const Check full = judged(writable, error("it", ENOSPC));
  CHECK(full.holds);
  CHECK(full.seen == "ENOSPC, the workload's own doing");
  CHECK_FALSE(judged(writable, error("it", EROFS)).holds);
  CHECK_FALSE(judged(writable, {"it", -1, -1, ENOSPC, 0}).holds);
}

TEST_CASE("judge: a missing result, a dead child and one that never ran do not hold") {
  const Trial it = trial("it", true);
  CHECK(judged(it, ok("other")).seen == "no result");
  CHECK_FALSE(judged(it, ok("other")).holds);
  const Check killed = judged(it, {"it", 0, -1, EROFS, 31});
  CHECK_FALSE(killed.holds);
  CHECK(killed.seen == "ended by signal 31");
  const Check unstarted = judged(it, {"it", -1, -1, EAGAIN, 0});
  CHECK_FALSE(unstarted.holds);
  CHECK(unstarted.seen == "no child for it: EAGAIN");
}

TEST_CASE("judge: bounds decide what a success is worth") {
  Trial masked = trial("it", true, 2);
  masked.at_most = 0;
  CHECK(judged(masked, ok("it", 0, 1)).holds);
  CHECK_FALSE(judged(masked, ok("it", 5, 1)).holds);
  CHECK(judged(masked, ok("it", 5, 1)).seen == "5");
  Trial valued = trial("it", false);
  valued.at_least = valued.at_most = 1000;
  CHECK(judged(valued, ok("it", 1000)).holds);
  CHECK_FALSE(judged(valued, ok("it", 0)).holds);
  CHECK_FALSE(judged(valued, ok("it", 1001)).holds);
}

}  // namespace paddock::test
