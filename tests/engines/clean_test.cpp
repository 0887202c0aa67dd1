// paddock clean: what paddock brought and nobody needs goes; everything else stays.
#include <nlohmann/json.hpp>

#include "engines/image.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kUnused = "localhost/paddock-test/unused:1";
constexpr const char* kNamed = "localhost/paddock-test/named:1";
constexpr const char* kForeign = "localhost/paddock-test/foreign:1";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("engine: clean removes unused images of paddock's, once somebody says so",
          "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage unused(world, engine, kUnused, {"cat"});
    const TestImage named(world, engine, kNamed, {"sh", "sleep"});
    image_profile(world, "mine", kNamed);
    engine.ask("POST", "/v1.41/images/" + std::string(kUnused) +
                           "/tag?repo=localhost/paddock-test/foreign&tag=1");
    world.run({"plugin", "list"});
    const Ran asked = world.run({"clean", "-b", engine.id});
    CHECK(asked.status == 6);
    CHECK(has(asked.err,
              "removes:\n  image " + std::string(kUnused) + " of " + engine.id + ", imported, "));
    CHECK(has(asked.err, "error[P"));
    CHECK(image_id(engine, kUnused) == unused.id());
    const Ran cleaned = world.run({"clean", "--yes", "-b", engine.id});
    CAPTURE(cleaned.err);
    CHECK(cleaned.status == 0);
    CHECK(cleaned.out.starts_with(std::string(kUnused) + "\n"));
    CHECK(image_id(engine, kUnused).empty());
    CHECK(image_id(engine, kForeign) == unused.id());
    CHECK(image_id(engine, kNamed) == named.id());
    CHECK(world.run({"clean", "--yes", "--json", "-b", engine.id}).out ==
          "{\"cache\":false,\"images\":[],\"schema\":\"paddock.clean/1\"}\n");
    CHECK(world.run({"clean", "-b", engine.id}).out == "nothing to clean\n");
    engine.ask("DELETE", "/v1.41/images/" + std::string(kForeign));
  }
}

TEST_CASE("engine: clean leaves what runs, what was replaced, and all data", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage named(world, engine, kNamed, {"sh", "sleep"});
    const TestImage unused(world, engine, kUnused, {"cat"});
    const TestImage third(world, engine, "localhost/paddock-test/third:1", {"id"});
    world.write(world.project() / "work.txt", "precious\n");
    image_profile(world, "mine", kNamed);
    CHECK(
        world.run({"run", "-d", "--name", "box", "mine", "--", "sh", "-c", "sleep 1000"}).status ==
        0);
    engine.ask("POST",
               "/v1.41/images/localhost/paddock-test/third:1/tag?repo=localhost/paddock-test/"
               "unused&tag=1");
    const Ran busy = world.run({"clean", "--all", "--yes", "--json", "-b", engine.id});
    CAPTURE(busy.out, busy.err);
    CHECK(busy.status != 0);
    CHECK_FALSE(image_id(engine, named.id()).empty());
    CHECK(image_id(engine, kUnused) == third.id());
    CHECK(image_id(engine, "localhost/paddock-test/third:1").empty());
    CHECK(world.run({"exec", "box", "--", "sh", "-c", "cat work.txt || exit 7"}).status == 7);
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    CHECK(world.run({"receipt", "box"}).status == 0);
    CHECK(std::filesystem::exists(world.project() / "work.txt"));
  }
}
