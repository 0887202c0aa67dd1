// paddock run: signals, and its own death.
#include <signal.h>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

TEST_CASE("run: signals reach the command", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    const World world(user);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2}) {
      CAPTURE(number, user);
      const std::string n = std::to_string(number);
      Started started = world.start({"run", "quickstart", "--", "sh", "-c",
                                     "trap 'echo got " + n + "; exit 7' " + n +
                                         "; echo ready; while :; do sleep 0.05; done"});
      REQUIRE(started.await_output("ready"));
      started.kill(number);
      const Ran ran = started.wait();
      CHECK(ran.status == 7);
      CHECK(ran.out == "ready\ngot " + n + "\n");
    }
  }
}

TEST_CASE("run: a command that does not catch SIGTERM ends with 143", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Started started =
      world.start({"run", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
  REQUIRE(started.await_output("ready"));
  started.kill(SIGTERM);
  CHECK(started.wait().status == 143);
  CHECK(residue(world).empty());
}

TEST_CASE("run: when paddock is killed, the sandbox dies and the next command clears it",
          "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    const World world(user);
    Started started = world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                                   "echo ready; sleep 1000; :", world.root().string()});
    REQUIRE(started.await_output("ready"));
    started.kill(SIGKILL);
    CHECK(started.wait().status == 137);
    const Ran ps = world.run({"ps", "--all", "--plain"});
    CHECK(ps.status == 0);
    CHECK(ps.out.find("box\tlost\t") == 0);
    CHECK(eventually([&] { return residue(world).empty(); }));
  }
}

TEST_CASE("run: SIGINT that was ignored at the start stays ignored", "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  world.in_child = [] { ::signal(SIGINT, SIG_IGN); };
  Started started =
      world.start({"run", "quickstart", "--", "sh", "-c", "echo ready; sleep 1; echo done"});
  REQUIRE(started.await_output("ready"));
  started.kill(SIGINT);
  const Ran ran = started.wait();
  CHECK(ran.status == 0);
  CHECK(ran.out == "ready\ndone\n");
}
