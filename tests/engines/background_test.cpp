// Sandboxes in the background on real engines: the same verbs, and nothing that runs unproved.
#include <signal.h>

#include "engines/engine.hpp"
#include "integration/window.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

pid_t keeper_of(const World& world) {
  const auto state = read_text(world.state() / "sandboxes/box/state.json");
  return std::stoi(state.substr(state.find("\"host_pid\":") + 11));
}

}  // namespace

TEST_CASE("engine: a sandbox in the background, its log, a terminal, and its end", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    CHECK(world
              .run({"run", "-d", "--tty", "--name", "box", "quickstart", "--", "sh", "-c",
                    "echo up; read -r line; echo \"<$line>\"; exec sleep 1000"})
              .status == 0);
    {
      Window window(world, {"attach", "box"}, [&] { engine.become_user(); });
      window.type("hello\r");
      CHECK(window.await("<hello>"));
      window.type("\x10\x11");
      CHECK(window.wait() == 0);
    }
    CHECK(world.run({"verify", "box"}).status == 0);
    CHECK(world.run({"exec", "box", "--", "echo", "in"}).out == "in\n");
    CHECK(world.run({"logs", "box"}).out.starts_with("up\r\n"));
    CHECK(world.run({"stop", "--grace", "1", "box"}).status == 0);
    CHECK(engine.containers().empty());
    CHECK(world.run({"start", "box"}).status == 0);
    CHECK(world.await_running("box"));
    CHECK(world.run({"destroy", "--yes", "--grace", "0", "box"}).status == 0);
    CHECK(engine.containers().empty());
    CHECK(eventually([&] { return residue(world).empty(); }));
  }
}

TEST_CASE("engine: what a killed keeper leaves is cleared before it starts again", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    CHECK(world
              .run({"run", "-d", "--name", "box", "quickstart", "--", "sh", "-c",
                    "echo up; exec sleep 1000"})
              .status == 0);
    CHECK(eventually([&] { return world.run({"logs", "box"}).out == "up\n"; }));
    ::kill(keeper_of(world), SIGKILL);
    CHECK(eventually([&] { return world.run({"ps", "--plain"}).out.empty(); }));
    CHECK(engine.containers().empty());
    CHECK(world.run({"start", "box"}).status == 0);
    CHECK(engine.containers().size() == 1);
    CHECK(eventually([&] { return world.run({"logs", "box"}).out == "up\nup\n"; }));
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: a container that the engine starts itself runs nothing", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    CHECK(world
              .run({"run", "-d", "--name", "box", "quickstart", "--", "sh", "-c",
                    "echo up; echo x >>ran; exec sleep 1000"})
              .status == 0);
    CHECK(eventually([&] { return world.run({"logs", "box"}).out == "up\n"; }));
    const auto names = engine.containers();
    REQUIRE(names.size() == 1);
    // Nobody of ours is there to prove it: its gate finds no host and ends.
    ::kill(keeper_of(world), SIGKILL);
    const std::string path = "/v1.41/containers/" + names.front();
    static_cast<void>(engine.ask("POST", path + "/restart?t=0"));
    CHECK(eventually([&] {
      return engine.ask("GET", path + "/json").find("\"Running\":true") == std::string::npos;
    }));
    CHECK(read_text(world.project() / "ran") == "x\n");
    CHECK(world.run({"gc"}).status == 0);
    CHECK(engine.containers().empty());
  }
}
