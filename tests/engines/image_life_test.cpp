// Sandboxes of an image, through all of their life: each launch looks the image up anew.
#include <nlohmann/json.hpp>

#include "engines/image.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kName = "localhost/paddock-test/small:1";
constexpr const char* kOther = "localhost/paddock-test/other:1";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// From now on kName is what kOther was.
void move_name(const TestEngine& engine) {
  engine.ask("POST", "/v1.41/images/" + std::string(kOther) +
                         "/tag?repo=localhost/paddock-test/small&tag=1");
}

std::string image_in_receipt(const World& world, const std::string& name) {
  const auto receipt = nlohmann::json::parse(world.run({"receipt", "--json", name}).out);
  for (const auto& leaf : receipt.at("leaves")) {
    if (leaf.at("path") == "/rootfs/image_id") {
      return leaf.at("value").get<std::string>();
    }
  }
  return "";
}

std::size_t warm_ones(const World& world) {
  const std::string listed = world.run({"ps", "--plain"}).out;
  return listed.find("\twarm\t") == std::string::npos ? 0 : 1;
}

bool was_warm(const Ran& ran) {
  return has(ran.err, "taken warm, proved ");
}

}  // namespace

TEST_CASE("engine: an image in the background, started, restarted and reset", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    const TestImage other(world, engine, kOther, {"sh", "id", "sleep", "cat"});
    REQUIRE(image.id() != other.id());
    image_profile(world, "small", kName);
    const Ran ran =
        world.run({"run", "-d", "--name", "box", "small", "--", "sh", "-c", "id -u; sleep 1000"});
    CAPTURE(ran.err);
    CHECK(ran.status == 0);
    const auto is_up = [&] {
      return world.await_running("box") && world.run({"verify", "box"}).status == 0 &&
             world.run({"exec", "box", "--", "id", "-u"}).out == work_id(engine) + "\n";
    };
    CHECK(is_up());
    CHECK(image_in_receipt(world, "box") == image.id());
    CHECK(world.run({"restart", "--grace", "0", "box"}).status == 0);
    CHECK(is_up());
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    move_name(engine);
    CHECK(world.run({"start", "box"}).status == 0);
    CHECK(is_up());
    CHECK(image_in_receipt(world, "box") == other.id());
    CHECK(world.run({"reset", "--grace", "0", "box"}).status == 0);
    CHECK(is_up());
    // What it runs from stays, whoever wants it gone.
    engine.ask("DELETE", "/v1.41/images/" + std::string(kOther));
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    world.run({"image", "rm", kName, "-b", engine.id});
    engine.ask("DELETE", "/v1.41/images/" + std::string(kName) + "?force=true");
    const Ran gone = world.run({"start", "box"});
    CHECK(gone.status == 4);
    CHECK(
        has(gone.err, "error[P0503]: image 'localhost/paddock-test/small:1' is not in the engine"));
    CHECK(engine.containers().empty());
    CHECK(residue(world).empty());
  }
}

TEST_CASE("engine: a restart by policy proves the image anew", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    image_profile(world, "again", kName, "[background]\nrestart = \"always\"\n");
    CHECK(world.run({"run", "-d", "--name", "box", "again", "--", "sh", "-c", "echo up"}).status ==
          0);
    CHECK(eventually([&] { return has(world.run({"logs", "box"}).out, "up\nup\n"); }));
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    CHECK(eventually([&] { return engine.containers().empty(); }));
  }
}

TEST_CASE("engine: a warm sandbox of an image is taken while it is that image", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    const TestImage other(world, engine, kOther, {"sh", "id", "sleep", "cat"});
    const std::string warm = "[backend]\nwarm = 1\n";
    image_profile(world, "hot", kName, warm);
    const auto await_warm = [&] { return eventually([&] { return warm_ones(world) == 1; }); };
    const Ran first = world.run({"warm", "hot"});
    CAPTURE(first.err);
    CHECK(first.status == 0);
    CHECK(await_warm());
    const Ran taken = world.run({"-v", "run", "hot", "--", "id", "-u"});
    CAPTURE(taken.err);
    CHECK(was_warm(taken));
    CHECK(taken.out == work_id(engine) + "\n");
    CHECK(await_warm());
    move_name(engine);
    const Ran moved = world.run({"-v", "run", "hot", "--", "sh", "-c", "command -v stat; id -u"});
    CHECK_FALSE(was_warm(moved));  // the new image has no stat
    CHECK(moved.out == work_id(engine) + "\n");
    CHECK(eventually([&] {
      return was_warm(world.run({"-v", "run", "hot", "--", "cat", "/etc/hostname"}));
    }));
    image_profile(world, "hot", kName, "pull = \"always\"\n" + warm);
    CHECK(world.run({"warm", "hot"}).status == 0);  // ends those that are there
    CHECK(eventually([&] { return warm_ones(world) == 0; }));
    CHECK(eventually([&] { return engine.containers().empty(); }));
    CHECK(eventually([&] { return residue(world).empty(); }));
  }
}
