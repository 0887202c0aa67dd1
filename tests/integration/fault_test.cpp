// kill -9 of paddock anywhere, interrupts on the way up, and what is left afterwards: nothing.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kSteps[] = {"profile",
                                  "plan",
                                  "claim",
                                  "hooks",
                                  "hooks-before",
                                  "prepare",
                                  "journal",
                                  "create",
                                  "attach",
                                  "prove",
                                  "record",
                                  "release",
                                  "hardeners-released",
                                  "removed",
                                  "hooks-after",
                                  "ended"};

/// A world with the build of paddock that has fault points.
struct FaultyWorld : World {
  explicit FaultyWorld(uid_t user = ::geteuid()) : World(user) {
    program = std::filesystem::path(PADDOCK_BUILD_DIR) / "bin/paddock-faulty";
  }
};

/// The control groups that were there before stay; none is added.
bool no_new_cgroups(const std::vector<std::string>& before) {
  const auto now = paddock_cgroups();
  return std::all_of(now.begin(), now.end(), [&](const std::string& group) {
    return std::find(before.begin(), before.end(), group) != before.end();
  });
}

}  // namespace

TEST_CASE("faults: kill -9 behind every step, then gc: nothing is left", "[integration][fault]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    for (const char* step : kSteps) {
      CAPTURE(user, step);
      FaultyWorld world(user);
      world.write(world.project() / "work.txt", "precious\n");
      const auto cgroups = paddock_cgroups();
      world.environment["PADDOCK_TEST_FAULT"] = step;
      const Ran killed = world.run({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                                    "sleep 0.1; :", world.root().string()});
      CHECK(killed.status == 137);
      world.environment.erase("PADDOCK_TEST_FAULT");
      const Ran gc = world.run({"gc"});
      INFO(gc.err);
      CHECK(gc.status == 0);
      CHECK(eventually([&] { return residue(world).empty(); }, std::chrono::seconds(5)));
      CHECK(eventually([&] { return no_new_cgroups(cgroups); }, std::chrono::seconds(5)));
      CHECK(read_text(world.project() / "work.txt") == "precious\n");
      CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
    }
  }
}

TEST_CASE("faults: SIGINT on the way up rolls back and runs nothing", "[integration][fault]") {
  NEEDS_SANDBOXES();
  for (const char* step : {"claim", "create", "prove", "record"}) {
    CAPTURE(step);
    FaultyWorld world;
    world.environment["PADDOCK_TEST_PAUSE"] = step;
    Started started = world.start({"run", "quickstart", "--", "touch", "ran"});
    REQUIRE(started.await_output("paused"));
    started.kill(SIGINT);
    const Ran ran = started.wait();
    CHECK(ran.status == 125);
    CHECK(ran.err.find("error[P0703]: interrupted by signal 2") != std::string::npos);
    CHECK(residue(world).empty());
    CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
  }
}

TEST_CASE("faults: a second SIGINT skips the clean-up and says what is left",
          "[integration][fault]") {
  NEEDS_SANDBOXES();
  FaultyWorld world;
  world.environment["PADDOCK_TEST_PAUSE"] = "prove";
  world.environment["PADDOCK_TEST_LONG"] = "1";
  Started started = world.start({"run", "--name", "box", "quickstart", "--", "true"});
  REQUIRE(started.await_output("paused"));
  started.kill(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  started.kill(SIGINT);
  const Ran ran = started.wait();
  CHECK(ran.status == 130);
  CHECK(ran.err.find("paddock: clean-up skipped; left: sandbox 'box'; `paddock gc` removes it\n") !=
        std::string::npos);
  CHECK(world.run({"gc"}).out == "cleared box\n");
  CHECK(residue(world).empty());
}

TEST_CASE("faults: stop cancels a launch on its way up", "[integration][fault]") {
  NEEDS_SANDBOXES();
  FaultyWorld world;
  world.environment["PADDOCK_TEST_PAUSE"] = "create";
  Started started = world.start({"run", "--name", "box", "quickstart", "--", "touch", "ran"});
  REQUIRE(started.await_output("paused"));
  world.environment.erase("PADDOCK_TEST_PAUSE");
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(started.wait().status == 125);
  CHECK(residue(world).empty());
  CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
}

TEST_CASE("faults: a launch that waits is proved before anything runs", "[integration][fault]") {
  NEEDS_SANDBOXES();
  FaultyWorld world;
  world.environment["PADDOCK_TEST_PAUSE"] = "prove";
  Started started = world.start({"run", "--name", "box", "quickstart", "--", "touch", "ran"});
  REQUIRE(started.await_output("paused"));
  CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
  CHECK(started.wait().status == 0);
  CHECK(std::filesystem::exists(world.project() / "ran"));
}
