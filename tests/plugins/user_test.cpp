// The same backend run by a normal user, who may make no cgroup here.
#include <unistd.h>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

constexpr unsigned kUser = 12345;

bool root() {
  return ::geteuid() == 0;
}

}  // namespace

TEST_CASE("bubblewrap as a normal user: a command runs, confined", "[bubblewrap][integration]") {
  if (!root()) {
    PADDOCK_SKIP("becoming another user needs root");
  }
  const std::string text = as_user(kUser, [] {
    return run_in_sandbox(
               strict_plan(),
               "id -u; cat /proc/self/uid_map | tr -s ' '; grep CapBnd /proc/self/status;"
               "cat /proc/keys; echo 1 2>/dev/null >/proc/sys/net/ipv4/ip_forward || echo denied;"
               "touch /x 2>/dev/null || echo denied; touch /tmp/x && echo wrote")
        .output;
  });
  CHECK(text == "1000\n 1000 0 1\nCapBnd:\t0000000000000000\ndenied\ndenied\nwrote\n");
}

TEST_CASE("bubblewrap as a normal user: exec has the same confinement",
          "[bubblewrap][integration]") {
  if (!root()) {
    PADDOCK_SKIP("becoming another user needs root");
  }
  const std::string text = as_user(kUser, [] {
    Box box(strict_plan());
    if (const auto created = box.create(); !created) {
      return created.error().what;
    }
    box.start("sleep 60");
    return box.exec("grep -E 'Cap(Bnd|Eff)|NoNew' /proc/self/status; id -u; readlink /proc/1/exe")
        .output;
  });
  CHECK(text ==
        "CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n1000\n"
        "/.paddock/gate\n");
}

TEST_CASE("bubblewrap as a normal user: limits without a cgroup are rlimits, and told",
          "[bubblewrap][integration]") {
  if (!root()) {
    PADDOCK_SKIP("becoming another user needs root");
  }
  const std::string text = as_user(kUser, [] {
    contract::Plan plan = strict_plan();
    plan.resources.memory_bytes = 64 << 20;
    plan.resources.cpus_milli = 500;
    plan.resources.pids = 12;
    Box box(plan);
    std::string told;
    if (const auto created = box.create(); !created) {
      return created.error().what;
    }
    for (const contract::Answer& answer : box.prepared.answers) {
      if (answer.path.starts_with("/resources/") && answer.path != "/resources/best_effort") {
        told += answer.path + ": " + answer.mechanism + answer.why + "\n";
      }
    }
    return told + box.run(
                         "grep -E 'data size|processes' /proc/self/limits | tr -s ' ';"
                         "for i in $(seq 30); do sleep 1 & done 2>&1 | tail -n 1; kill -9 -1")
                      .output;
  });
  CHECK(contains(text,
                 "/resources/memory_bytes: rlimit RLIMIT_DATA (each process)\n"
                 "/resources/cpus_milli: no cgroup can be made by this user here, and no "
                 "rlimit limits CPU shares\n"
                 "/resources/pids: rlimit RLIMIT_NPROC (of the user)\n"
                 "Max data size 67108864 67108864 bytes \nMax processes 12 12 processes \n"));
  CHECK(contains(text, "Cannot fork"));
}
