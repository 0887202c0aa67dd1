// Directions of --diff: what the workload can do more, and what less.
#include "host/plan/sample.hpp"
#include "support/catch.hpp"

using namespace paddock;
using Power = plan::Difference::Power;

namespace {

contract::Plan sample() {
  contract::Plan plan;
  plan.security.capabilities = {"CAP_CHOWN", "CAP_KILL"};
  plan.security.masked_paths = {"/proc/kcore"};
  plan.security.no_new_privs = true;
  plan.resources.pids = 100;
  plan.mounts["/data"] = {contract::MountType::kBind, "/srv", true, false, 0, "mount"};
  plan.process.environment["TOKEN"] = "hunter2";
  return plan;
}

/// The only difference after `edit`, and that it goes the other way when the sides are swapped.
template <typename Edit>
plan::Difference after(Edit edit) {
  const contract::Plan before = sample();
  contract::Plan changed = before;
  edit(changed);
  const auto forth = plan::diff(before, changed);
  const auto back = plan::diff(changed, before);
  REQUIRE(forth.size() == 1);
  REQUIRE(back.size() == 1);
  if (forth.front().power == Power::kChanged) {
    CHECK(back.front().power == Power::kChanged);
  } else {
    CHECK(back.front().power ==
          (forth.front().power == Power::kGained ? Power::kLost : Power::kGained));
  }
  return forth.front();
}

}  // namespace

TEST_CASE("diff: equal plans do not differ", "[plan]") {
  CHECK(plan::diff(sample(), sample()).empty());
}

TEST_CASE("diff: looser values are powers gained", "[plan]") {
  using contract::Plan;
  CHECK(after([](Plan& p) { p.security.capabilities.push_back("CAP_SYS_PTRACE"); }).power ==
        Power::kGained);
  CHECK(after([](Plan& p) { p.security.masked_paths.clear(); }).power == Power::kGained);
  CHECK(after([](Plan& p) { p.security.no_new_privs = false; }).power == Power::kGained);
  CHECK(after([](Plan& p) { p.resources.pids = 101; }).power == Power::kGained);
  CHECK(after([](Plan& p) { p.resources.pids.reset(); }).power == Power::kGained);
  CHECK(after([](Plan& p) { p.network.mode = contract::NetworkMode::kBridge; }).power ==
        Power::kGained);
  CHECK(after([](Plan& p) { p.process.umask = "0002"; }).power == Power::kGained);
  CHECK(after([](Plan& p) { p.resources.best_effort = {"pids"}; }).power == Power::kGained);
  CHECK(after([](Plan& p) { p.mounts["/data"].read_only = false; }).power == Power::kGained);
  CHECK(after([](Plan& p) { p.mounts["/data"].executable = true; }).power == Power::kGained);
  CHECK(after([](Plan& p) { p.mounts["/more"] = {}; }).power == Power::kGained);
}

TEST_CASE("diff: stricter values are powers lost", "[plan]") {
  using contract::Plan;
  CHECK(after([](Plan& p) { p.isolation = contract::Isolation::kVm; }).power == Power::kLost);
  CHECK(after([](Plan& p) { p.security.rlimits["core"] = 0; }).power == Power::kLost);
  CHECK(after([](Plan& p) { p.rootfs.read_only = true; }).power == Power::kLost);
  CHECK(after([](Plan& p) { p.mounts.clear(); }).power == Power::kLost);
}

TEST_CASE("diff: another source of a mount counts as gained both ways", "[plan]") {
  contract::Plan changed = sample();
  changed.mounts["/data"].source = "/other";
  CHECK(plan::diff(sample(), changed).front().power == Power::kGained);
  CHECK(plan::diff(changed, sample()).front().power == Power::kGained);
}

TEST_CASE("diff: sets that lose one name and gain another show both", "[plan]") {
  contract::Plan changed = sample();
  changed.security.capabilities = {"CAP_CHOWN", "CAP_NET_RAW"};
  const auto differences = plan::diff(sample(), changed);
  REQUIRE(differences.size() == 2);
  CHECK(differences[0].power == Power::kGained);
  CHECK(differences[0].after == R"(["CAP_NET_RAW"])");
  CHECK(differences[1].power == Power::kLost);
  CHECK(differences[1].before == R"(["CAP_KILL"])");
}

TEST_CASE("diff: what is no power is changed, and a variable's value is hidden", "[plan]") {
  using contract::Plan;
  CHECK(after([](Plan& p) { p.process.command = {"sh"}; }).power == Power::kChanged);
  const auto variable = after([](Plan& p) { p.process.environment["TOKEN"] = "hunter3"; });
  CHECK(variable.power == Power::kChanged);
  CHECK(variable.before == "\"(not shown)\"");
  CHECK(variable.after == "\"(not shown)\"");
}
