// Images from a registry of the test's own, which only the engine's network namespace sees.
#include <signal.h>

#include <nlohmann/json.hpp>

#include "engines/image.hpp"
#include "engines/registry.hpp"
#include "integration/window.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string image_of_receipt(const World& world, const std::string& name) {
  const Json receipt = Json::parse(world.run({"receipt", "--json", name}).out);
  for (const auto& leaf : receipt.at("leaves")) {
    if (leaf.at("path") == "/rootfs/image_id") {
      return leaf.at("value").get<std::string>();
    }
  }
  return "";
}

}  // namespace

TEST_CASE("engine: an image is pulled by tag and by digest, and only once", "[engine][image]") {
  NEEDS_ENGINES();
  if (!has_registry()) {
    PADDOCK_SKIP("there is no docker-registry here");
  }
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const Registry registry = Registry::real(engine, world);
    std::string id, digest;
    {
      const TestImage source(world, engine, kServed);
      id = source.id();
      digest = push(engine);
    }
    world.run({"image", "rm", kServed, "-b", engine.id});
    REQUIRE(image_id(engine, kServed).empty());
    image_profile(world, "small", kServed);
    const Ran first = world.run({"run", "--name", "first", "small", "--", "id", "-u"});
    CAPTURE(first.err);
    CHECK(first.out == work_id(engine) + "\n");
    CHECK(image_of_receipt(world, "first") == id);
    const Ran second = world.run({"run", "small", "--", "id", "-u"});
    CHECK(messages(second).empty());
    CHECK(second.out == work_id(engine) + "\n");
    CHECK(world.run({"image", "rm", kServed, "-b", engine.id}).status == 0);
    CHECK(image_id(engine, id).empty());
    image_profile(world, "pinned", kServed, "digest = \"" + digest + "\"\n");
    const Ran pinned = world.run({"run", "--name", "pinned", "pinned", "--", "id", "-u"});
    CAPTURE(pinned.err);
    CHECK(pinned.out == work_id(engine) + "\n");
    CHECK(image_of_receipt(world, "pinned") == id);
    const std::string by_digest = std::string(kRepository) + "@" + digest;
    CHECK(world.run({"image", "pull", by_digest, "--quiet", "-b", engine.id}).out ==
          by_digest + "\t" + id + "\n");
    image_profile(world, "never", "127.0.0.1:5000/paddock/other:1", "pull = \"never\"\n");
    const Ran never = world.run({"run", "never", "--", "true"});
    CHECK(never.status == 125);
    CHECK(has(never.err,
              "error[P0503]: image '127.0.0.1:5000/paddock/other:1' is not in the "
              "engine, and the profile says never to bring it\n"));
    CHECK(world.run({"image", "rm", by_digest, "-b", engine.id}).status == 0);
    CHECK(image_id(engine, id).empty());
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: IMG-04 a digest that does not match is refused, wherever the image comes from",
          "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const std::string wrong = "sha256:" + std::string(64, '5');
    {
      const TestImage image(world, engine, "localhost/paddock-test/small:1");
      image_profile(world, "local", "localhost/paddock-test/small:1",
                    "digest = \"" + wrong + "\"\n");
      const Ran local = world.run({"run", "local", "--", "true"});
      CHECK(local.status == 125);
      CHECK(has(local.err,
                "error[P0503]: image 'localhost/paddock-test/small:1' is not the one that is "
                "pinned\n  pinned: " +
                    wrong + "\n  there:  " + image.id() +
                    "\n  hint: somebody replaced it: look at it before you pin the other\n"));
      CHECK(world.run({"plan", "local"}).status == 4);
      image_profile(world, "right", "localhost/paddock-test/small:1",
                    "digest = \"" + image.id() + "\"\n");
      CHECK(world.run({"run", "right", "--", "id", "-u"}).out == work_id(engine) + "\n");
    }
    const Registry liar = Registry::false_one(engine, "liar");
    image_profile(world, "pinned", kServed, "digest = \"" + wrong + "\"\n");
    const Ran ran = world.run({"run", "pinned", "--", "true"});
    CAPTURE(ran.err);
    CHECK(ran.status == 125);
    CHECK(has(ran.err, "error[P050"));
    CHECK(image_id(engine, std::string(kRepository) + "@" + wrong).empty());
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: a tag that moves between plan and run", "[engine][image]") {
  NEEDS_ENGINES();
  if (!has_registry()) {
    PADDOCK_SKIP("there is no docker-registry here");
  }
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const Registry registry = Registry::real(engine, world);
    std::string old_id, old_digest, new_id;
    {
      const TestImage old(world, engine, kServed, {"sh", "id"});
      old_id = old.id();
      old_digest = push(engine);
    }
    world.run({"image", "rm", kServed, "-b", engine.id});
    CHECK(world.run({"image", "pull", kServed, "-b", engine.id}).status == 0);
    image_profile(world, "always", kServed, "pull = \"always\"\n");
    image_profile(world, "missing", kServed);
    image_profile(world, "pinned", kServed, "pull = \"always\"\ndigest = \"" + old_digest + "\"\n");
    CHECK(has(world.run({"plan", "--plain", "always"}).out, "rootfs.image_id\t" + old_id));
    {
      World other(engine.uid);  // somebody else, with another image of that name
      engine.use(other);
      const TestImage moved(other, engine, kServed, {"sh", "cat", "id"});
      new_id = moved.id();
      push(engine);
      engine.ask("POST",
                 "/v1.41/images/" + old_id + "/tag?repo=127.0.0.1:5000/paddock/small&tag=1");
    }
    CHECK(world.run({"image", "pull", std::string(kRepository) + "@" + old_digest, "-b", engine.id})
              .status == 0);
    REQUIRE(new_id != old_id);
    for (const auto& [profile, id] :
         {std::pair{"pinned", old_id}, {"always", new_id}, {"missing", new_id}}) {
      CAPTURE(profile);
      const Ran ran = world.run({"run", "--name", profile, profile, "--", "id", "-u"});
      CAPTURE(ran.err);
      CHECK(ran.out == work_id(engine) + "\n");
      CHECK(image_of_receipt(world, profile) == id);
    }
    engine.ask("DELETE", "/v1.41/images/" + new_id + "?force=true");
    engine.ask("DELETE", "/v1.41/images/" + old_id + "?force=true");
  }
}

TEST_CASE("engine: IMG-06 an interrupted pull ends, and leaves no name", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    Registry slow = Registry::false_one(engine, "slow");
    image_profile(world, "small", kServed);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"image", "pull", kServed, "-b", engine.id},
          {"run", "small", "--", "true"}}) {
      CAPTURE(words.front());
      Started pull = world.start(words);
      REQUIRE(slow.process().await_output("sending"));
      REQUIRE_FALSE(pull.await_exit(std::chrono::seconds(1)));
      pull.kill(SIGINT);
      CHECK(pull.await_exit(std::chrono::seconds(15)));
      const Ran ran = pull.wait();
      CAPTURE(ran.err);
      CHECK(ran.status != 0);
      CHECK(has(ran.err,
                "interrupted while the engine was at POST /v1.41/images/"
                "create\n"));
      CHECK(image_id(engine, kServed).empty());
      CHECK_FALSE(has(world.run({"image", "list", "--plain", "-b", engine.id}).out, "pulled"));
      CHECK(engine.containers().empty());
    }
  }
}

TEST_CASE("engine: a registry that answers garbage, and one that is not there", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const auto refused = [&] {
      const Ran ran = world.run({"image", "pull", kServed, "-b", engine.id});
      CAPTURE(ran.err);
      CHECK(ran.status == 4);
      CHECK(has(ran.err,
                "error[P0502]: the engine cannot pull image '" + std::string(kServed) + "': "));
      CHECK(image_id(engine, kServed).empty());
    };
    refused();
    const Registry garbage = Registry::false_one(engine, "garbage");
    refused();
  }
}

TEST_CASE("engine: a terminal shows how far a pull is, in one line that goes", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const Registry steady = Registry::false_one(engine, "steady");
    Window window(world, {"image", "pull", kServed, "-b", engine.id},
                  [&] { engine.become_user(); });
    CHECK(window.await("\r\x1b[K["));
    CHECK(window.await(" MB/8.4 MB  "));
    CHECK(window.await("B/s  layer 0/1  pulling 127.0"));
    CHECK(window.wait() == 0);
    const std::string screen = window.screen();
    CAPTURE(screen);
    const std::size_t end = screen.rfind("\r\x1b[K");
    REQUIRE(end != std::string::npos);
    CHECK(screen.substr(end) ==
          "\r\x1b[K" + std::string(kServed) + "\t" + image_id(engine, kServed) + "\r\n");
    for (std::size_t at = 0; (at = screen.find("\x1b[K", at)) < end; ++at) {
      CHECK(screen.find('\r', at) - at <= 80);  // the window has 77 columns
    }
    CHECK(world.run({"image", "rm", kServed, "-b", engine.id}).status == 0);
  }
}
