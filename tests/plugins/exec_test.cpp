// exec: one more process under the same confinement as the sandbox's first.
#include <filesystem>

#include "rig.hpp"
#include "support/catch.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

constexpr const char* kConfinement =
    "grep -E '^(Cap|NoNewPrivs|Uid|Gid|Groups)' /proc/self/status; readlink /proc/self/ns/*;"
    "cat /proc/self/cgroup; hostname; touch /x 2>&1; touch /tmp/x && echo wrote;"
    "cut -d' ' -f5,6 /proc/self/mountinfo | sort";

}  // namespace

TEST_CASE("bubblewrap exec: confinement is the first process's", "[bubblewrap][integration]") {
  contract::Plan plan = strict_plan();
  plan.resources.memory_bytes = 256 << 20;
  plan.resources.pids = 50;
  Box box(plan);
  REQUIRE(box.create().has_value());
  box.start(std::string(kConfinement) + "; echo end; sleep 60");
  std::string first;
  for (std::string line = box.read_line(); line != "end"; line = box.read_line()) {
    REQUIRE_FALSE(line.empty());
    first += line + "\n";
  }
  const Outcome second = box.exec(std::string(kConfinement) + "; exit 9");
  CHECK(second.output == first);
  CHECK(contains(first, "CapBnd:\t0000000000000000"));
  CHECK(contains(first, "NoNewPrivs:\t1"));
  CHECK(second.code == 9);
}

TEST_CASE("bubblewrap exec: it is a process of the sandbox with three descriptors",
          "[bubblewrap][integration]") {
  Box box(strict_plan());
  REQUIRE(box.create().has_value());
  box.start("sleep 60");
  CHECK(box.exec("tr '\\0' ' ' </proc/1/cmdline").output.starts_with("/.paddock/gate "));
  CHECK(box.exec("ls /proc/self/fd").output == "0\n1\n2\n3\n");
  CHECK(box.exec("echo $HOME; env | wc -l").output == "/home/sandbox\n3\n");
}

TEST_CASE("bubblewrap exec: the gate's file cannot be written through a process",
          "[bubblewrap][integration]") {
  Box box(strict_plan());
  REQUIRE(box.create().has_value());
  box.start("sleep 60");
  // A program under execution answers "busy" before "read-only"; chmod shows the mount itself.
  const Outcome outcome = box.exec(
      "for f in /proc/1/exe /.paddock/gate; do (echo x >>$f) 2>/dev/null && echo wrote;"
      "chmod 0 $f 2>&1; done; rm -f /.paddock/gate 2>&1; test -x /.paddock/gate && echo there");
  CHECK(outcome.output ==
        "chmod: changing permissions of '/proc/1/exe': Read-only file system\n"
        "chmod: changing permissions of '/.paddock/gate': Read-only file system\n"
        "rm: cannot remove '/.paddock/gate': Read-only file system\nthere\n");
}

TEST_CASE("bubblewrap exec: it ends with the sandbox", "[bubblewrap][integration]") {
  Box box(strict_plan());
  REQUIRE(box.create().has_value());
  box.start("sleep 60");
  CHECK(box.exec("sleep 60 >/dev/null 2>&1 & echo started").output == "started\n");
  REQUIRE(box.stop(0).has_value());
  const Outcome after = box.exec("echo no");
  CHECK(after.output == "the sandbox has ended");
}
