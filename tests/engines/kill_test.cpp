// kill -9 of paddock behind every step of a launch on real engines, then gc.
#include <optional>

#include "engines/engine.hpp"
#include "engines/proxy.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

using Words = std::vector<std::string>;

/// Of `verb`; nothing for one that makes the sandbox itself.
void bring_up(const World& world, const std::string& verb) {
  if (verb != "run") {
    const Ran up = world.run({"run", "-d", "--name", "box", "quickstart", "--", "sleep", "1000"});
    CAPTURE(up.err);
    REQUIRE(up.status == 0);
  }
}

/// Kills whoever makes request N of `verb`; whether there was one. Afterwards nothing is left.
bool is_killed_and_cleared(const TestEngine& engine,
                           const Words& verb,
                           const std::string& kind,
                           int number) {
  CAPTURE(verb.front(), kind, number);
  World world(engine.uid);
  engine.use(world);
  world.write(world.project() / "work.txt", "precious\n");
  bring_up(world, verb.front());
  std::optional<Proxy> proxy(std::in_place, engine, world, kind + ":" + std::to_string(number));
  engine.use(world, proxy->path());
  const Ran ran = world.run(verb);
  CAPTURE(ran.status, ran.err);
  const bool killed = proxy->has_killed();
  CHECK((killed || ran.status == 0));
  proxy.reset();
  engine.use(world);
  world.run({"destroy", "--yes", "--grace", "0", "box"});
  CHECK(world.run({"gc"}).status == 0);
  CHECK(engine.containers().empty());
  CHECK(eventually([&] { return residue(world).empty(); }));
  CHECK(read_text(world.project() / "work.txt") == "precious\n");
  return killed;
}

void sweep(const Words& verb) {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    for (const std::string kind : {"kill", "kill-behind"}) {
      for (int number = 1; is_killed_and_cleared(engine, verb, kind, number);) {
        ++number;
      }
    }
  }
}

}  // namespace

TEST_CASE("engine: kill -9 behind every step, then gc: nothing is left", "[engine][fault]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    for (const std::string step : {"profile", "plan", "claim", "prepare", "journal", "volumes",
                                   "create", "attach", "prove", "record", "release", "ended"}) {
      CAPTURE(step);
      World world(engine.uid);
      engine.use(world);
      world.write(world.project() / "work.txt", "precious\n");
      world.program = std::string(PADDOCK_BUILD_DIR) + "/bin/paddock-faulty";
      world.environment["PADDOCK_TEST_FAULT"] = step;
      const Ran ran = world.run({"run", "--name", "box", "quickstart", "--", "true"});
      CAPTURE(ran.err);
      CHECK(ran.status == 137);
      world.environment.erase("PADDOCK_TEST_FAULT");
      const Ran gc = world.run({"gc"});
      CAPTURE(gc.err);
      CHECK(gc.status == 0);
      CHECK(engine.containers().empty());
      CHECK(residue(world).empty());
      CHECK(read_text(world.project() / "work.txt") == "precious\n");
      CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
    }
  }
}

TEST_CASE("engine: kill -9 of run at every request, then gc: nothing is left", "[engine][fault]") {
  sweep({"run", "--name", "box", "quickstart", "--", "true"});
}

TEST_CASE("engine: kill -9 of stop at every request, then gc: nothing is left", "[engine][fault]") {
  sweep({"stop", "--grace", "0", "box"});
}

TEST_CASE("engine: kill -9 of reset at every request, then gc: nothing is left",
          "[engine][fault]") {
  sweep({"reset", "--grace", "0", "box"});
}

TEST_CASE("engine: kill -9 of destroy at every request, then gc: nothing is left",
          "[engine][fault]") {
  sweep({"destroy", "--yes", "--grace", "0", "box"});
}
