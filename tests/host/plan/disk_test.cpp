// resources.disk is the sum of the tmpfs sizes, whatever the shares.
#include "plan/disk.hpp"

#include "host/plan/sample.hpp"
#include "support/catch.hpp"

using namespace paddock;

namespace {

contract::Mount tmpfs(std::string purpose, std::uint64_t size = 0) {
  contract::Mount mount;
  mount.type = contract::MountType::kTmpfs;
  mount.purpose = std::move(purpose);
  mount.size_bytes = size;
  return mount;
}

contract::Plan plan_with(std::uint64_t disk) {
  contract::Plan plan;
  plan.resources.disk_bytes = disk;
  plan.mounts = {
      {"/dev/shm", tmpfs("scratch")}, {"/home/sandbox", tmpfs("home")}, {"/tmp", tmpfs("scratch")}};
  return plan;
}

std::uint64_t sum(const contract::Plan& plan) {
  std::uint64_t total = 0;
  for (const auto& [target, mount] : plan.mounts) {
    total += mount.size_bytes;
  }
  return total;
}

}  // namespace

TEST_CASE("disk: the tmpfs sizes add up to the limit, in whole pages", "[plan]") {
  for (const std::uint64_t disk :
       {12288ull, 16384ull, 1048576ull, 1000000ull, 123456789ull, 1ull << 40}) {
    contract::Plan plan = plan_with(disk);
    INFO(disk);
    REQUIRE(plan::share_disk(plan));
    CHECK(sum(plan) == disk / 4096 * 4096);
    for (const auto& [target, mount] : plan.mounts) {
      CHECK(mount.size_bytes >= 4096);
      CHECK(mount.size_bytes % 4096 == 0);
    }
    CHECK(plan.mounts.at("/dev/shm").size_bytes <= 64u << 20);
  }
}

TEST_CASE("disk: a size of its own is kept, and the rest is shared", "[plan]") {
  contract::Plan plan = plan_with(10u << 20);
  plan.mounts["/scratch"] = tmpfs("mount", 4u << 20);
  REQUIRE(plan::share_disk(plan));
  CHECK(plan.mounts.at("/scratch").size_bytes == 4u << 20);
  CHECK(sum(plan) == 10u << 20);
  REQUIRE(plan::share_disk(plan));  // again: nothing moves
  CHECK(sum(plan) == 10u << 20);
}

TEST_CASE("disk: without a limit nothing has a size", "[plan]") {
  contract::Plan plan = plan_with(1);
  plan.resources.disk_bytes.reset();
  REQUIRE(plan::share_disk(plan));
  CHECK(sum(plan) == 0);
}
