// Hooks around a launch, with the SDK's example: each entry in its own phase, with its own keys.
#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

/// A world in which the user has installed run-log.
struct HookWorld : World {
  explicit HookWorld(uid_t user = ::geteuid()) : World(user) { install_run_log(); }

  std::string log(const std::string& name) const {
    const auto file = project() / name;
    return std::filesystem::exists(file) ? read_text(file) : "";
  }

  std::string entry(const std::string& phase, const std::string& file) const {
    return "[[hooks]]\nid = \"run-log\"\nphase = \"" + phase + "\"\nfile = \"" +
           (project() / file).string() + "\"\n";
  }

  void hooked(const std::string& entries) const {
    profile("hooked", "extends = [\"quickstart\"]\n" + entries);
  }
};

}  // namespace

TEST_CASE("hooks: an entry is called in its own phase only", "[integration]") {
  NEEDS_SANDBOXES();
  const HookWorld world;
  world.hooked(world.entry("after-stop", "after"));
  const Ran ran = world.run({"run", "--name", "box", "hooked", "--", "sh", "-c", "exit 3"});
  INFO(ran.err);
  CHECK(ran.status == 3);
  CHECK(world.log("after") == "box (hooked) stopped with exit code 3\n");

  world.hooked(world.entry("before-launch", "before"));
  CHECK(world.run({"run", "--name", "box", "hooked", "--", "true"}).status == 0);
  CHECK(world.log("before") == "box (hooked) starts\n");
}

TEST_CASE("hooks: two entries of one plugin keep to their own keys", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const HookWorld world(user);
    world.hooked(world.entry("after-stop", "after") + world.entry("before-launch", "before"));
    const Ran ran = world.run({"run", "--name", "box", "hooked", "--", "true"});
    INFO(ran.err);
    CHECK(ran.status == 0);
    CHECK(world.log("before") == "box (hooked) starts\n");
    CHECK(world.log("after") == "box (hooked) stopped with exit code 0\n");
    // One plugin, whatever the number of its instances.
    const std::string receipt = world.run({"receipt", "--json", "box"}).out;
    CHECK(receipt.find("\"id\":\"run-log\"") != std::string::npos);
    CHECK(receipt.find("\"id\":\"run-log\"") == receipt.rfind("\"id\":\"run-log\""));
    CHECK(world.run({"run", "--no-hooks", "hooked", "--", "true"}).status == 0);
    CHECK(world.log("before") == "box (hooked) starts\n");
  }
}

TEST_CASE("hooks: after-stop follows a launch that is refused after its hooks", "[integration]") {
  NEEDS_SANDBOXES();
  const HookWorld world;
  world.hooked(world.entry("before-launch", "before") + world.entry("after-stop", "after"));
  const Ran refused = world.run({"run", "--name", "box", "hooked", "--", "no-such-command"});
  CHECK(refused.status == 127);
  CHECK(world.log("before") == "box (hooked) starts\n");
  CHECK(world.log("after") == "box (hooked) stopped\n");
}

TEST_CASE("hooks: gc calls those of a dead run, each with its own keys", "[integration][fault]") {
  NEEDS_SANDBOXES();
  for (const char* step : {"claim", "hooks", "hooks-before", "journal", "create", "record"}) {
    CAPTURE(step);
    HookWorld world;
    world.program = std::filesystem::path(PADDOCK_BUILD_DIR) / "bin/paddock-faulty";
    world.hooked(world.entry("before-launch", "before") + world.entry("after-stop", "after"));
    world.environment["PADDOCK_TEST_FAULT"] = step;
    CHECK(world.run({"run", "--name", "box", "hooked", "--", "true"}).status == 137);
    world.environment.erase("PADDOCK_TEST_FAULT");
    const bool called = world.log("before") == "box (hooked) starts\n";
    CHECK(called == (std::string(step) != "claim" && std::string(step) != "hooks"));
    CHECK(world.log("after").empty());
    const Ran gc = world.run({"gc"});
    INFO(gc.err);
    CHECK(gc.status == 0);
    CHECK(world.log("after") == (called ? "box (hooked) stopped\n" : ""));
    CHECK(residue(world).empty());
  }
}
