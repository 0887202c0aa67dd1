// Limits by cgroup, as root on the hierarchies of this machine.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

contract::Plan limited_plan() {
  contract::Plan plan = strict_plan();
  plan.resources.memory_bytes = 64 << 20;
  plan.resources.cpus_milli = 500;
  plan.resources.pids = 20;
  return plan;
}

std::string mechanism(const Box& box, const std::string& path) {
  for (const contract::Answer& answer : box.prepared.answers) {
    if (answer.path == path) {
      return answer.status == contract::AnswerStatus::kEnforced ? answer.mechanism : answer.why;
    }
  }
  return "no answer";
}

bool by_cgroup(const Box& box) {
  return mechanism(box, "/resources/memory_bytes").starts_with("cgroup") &&
         mechanism(box, "/resources/pids").starts_with("cgroup");
}

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

}  // namespace

TEST_CASE("bubblewrap limits: they are in the kernel, with the sandbox as member",
          "[bubblewrap][cgroup][integration]") {
  Box box(limited_plan());
  REQUIRE(box.create().has_value());
  if (!mechanism(box, "/resources/memory_bytes").starts_with("cgroup v1")) {
    PADDOCK_SKIP("no writable cgroup v1 memory hierarchy");
  }
  const auto file = [&](const char* controller, const char* name) {
    return read_text(box.sandbox.cgroups.at(controller) + "/" + name);
  };
  CHECK(file("memory", "memory.limit_in_bytes") == "67108864\n");
  CHECK(file("pids", "pids.max") == "20\n");
  CHECK(file("cpu", "cpu.cfs_quota_us") == "50000\n");
  CHECK(file("cpu", "cpu.cfs_period_us") == "100000\n");
  for (const char* controller : {"memory", "pids", "cpu"}) {
    CHECK(contains("\n" + file(controller, "cgroup.procs"),
                   "\n" + std::to_string(box.sandbox.pid) + "\n"));
  }
}

TEST_CASE("bubblewrap limits: running out of memory ends the process and is told",
          "[bubblewrap][cgroup][integration]") {
  Box box(limited_plan());
  REQUIRE(box.create().has_value());
  if (!by_cgroup(box)) {
    PADDOCK_SKIP("no cgroup can be made here");
  }
  const Outcome outcome = box.run("head -c 200000000 /dev/zero | tail -c 190000000 | wc -c");
  CHECK(outcome.output.find("190000000") == std::string::npos);
  const auto seen = box.inspect();
  REQUIRE(seen.has_value());
  CHECK(seen->oom_killed);
  Box control(limited_plan());
  REQUIRE(control.create().has_value());
  CHECK(control.run("head -c 20000000 /dev/zero | tail -c 19000000 | wc -c").output ==
        "19000000\n");
  CHECK_FALSE(control.inspect()->oom_killed);
}

TEST_CASE("bubblewrap limits: a fork bomb is capped", "[bubblewrap][cgroup][integration]") {
  Box box(limited_plan());
  REQUIRE(box.create().has_value());
  if (!by_cgroup(box)) {
    PADDOCK_SKIP("no cgroup can be made here");
  }
  const Outcome outcome = box.run("for i in $(seq 40); do sleep 30 & done 2>&1; echo; kill -9 -1");
  CHECK(contains(outcome.output, "Cannot fork"));
}

TEST_CASE("bubblewrap limits: prepare names every cgroup and remove leaves none",
          "[bubblewrap][cgroup][integration]") {
  Box box(limited_plan());
  REQUIRE(box.create().has_value());
  if (!by_cgroup(box)) {
    PADDOCK_SKIP("no cgroup can be made here");
  }
  box.start("sleep 60 & sleep 60");
  std::vector<std::string> directories;
  for (const contract::ExternalObject& object : box.prepared.objects) {
    CHECK(contains(object.id, "paddock-" + box.instance));
    CHECK(exists(object.id));
    directories.push_back(object.id);
  }
  CHECK(directories.size() == 3);
  REQUIRE(box.remove().has_value());
  for (const std::string& directory : directories) {
    CHECK_FALSE(exists(directory));
  }
  CHECK(box.remove().has_value());
}

TEST_CASE("bubblewrap limits: remove clears what a killed host left",
          "[bubblewrap][cgroup][integration]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t host = ::fork();
  if (host == 0) {
    Box box(limited_plan());
    const bool created = box.create().has_value();
    box.start("sleep 60");
    std::string text = created ? box.instance : "";
    for (const contract::ExternalObject& object : box.prepared.objects) {
      text += "\n" + object.id;
    }
    [[maybe_unused]] const ssize_t put = ::write(ends[1], text.data(), text.size());
    ::pause();
  }
  char bytes[4096];
  const ssize_t got = ::read(ends[0], bytes, sizeof bytes);
  ::kill(host, SIGKILL);
  ::waitpid(host, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  REQUIRE(got >= 16);
  if (got == 16) {
    PADDOCK_SKIP("no cgroup can be made here");
  }
  std::istringstream lines(std::string(bytes, static_cast<std::size_t>(got)));
  contract::RemoveRequest request;
  std::getline(lines, request.instance);
  for (std::string line; std::getline(lines, line);) {
    CHECK(exists(line));
    request.objects.push_back({"cgroup", line});
  }
  LoadedPlugin backend("bubblewrap");
  REQUIRE(backend.call<contract::Empty>("remove", request).has_value());
  for (const contract::ExternalObject& object : request.objects) {
    CHECK_FALSE(exists(object.id));
  }
}

TEST_CASE("bubblewrap limits: remove touches no cgroup of another name",
          "[bubblewrap][cgroup][error]") {
  LoadedPlugin backend("bubblewrap");
  contract::RemoveRequest request{new_instance(), "/nonexistent", {{"cgroup", "/tmp"}}, {}};
  const auto removed = backend.call<contract::Empty>("remove", request);
  REQUIRE_FALSE(removed.has_value());
  CHECK(removed.error().what == "'/tmp' is not a cgroup of '" + request.instance + "'");
}

TEST_CASE("bubblewrap stop: asks first, and kills what does not listen",
          "[bubblewrap][integration]") {
  Box polite(strict_plan());
  REQUIRE(polite.create().has_value());
  polite.start("trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done");
  CHECK(polite.read_line() == "ready");
  REQUIRE(polite.stop(10000).has_value());
  CHECK(polite.inspect()->exit_code == 3);
  Box deaf(strict_plan());
  REQUIRE(deaf.create().has_value());
  deaf.start("trap '' TERM; echo ready; while :; do sleep 0.01; done");
  CHECK(deaf.read_line() == "ready");
  CHECK(deaf.inspect()->state == contract::RunState::kRunning);
  REQUIRE(deaf.stop(50).has_value());
  CHECK(deaf.inspect()->exit_code == 137);
  CHECK(deaf.stop(50).has_value());
}
