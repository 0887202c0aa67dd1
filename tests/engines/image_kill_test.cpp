// kill -9 of paddock while an image comes: it is there as a whole and paddock's, or it is not.
#include <signal.h>

#include <nlohmann/json.hpp>

#include "engines/image.hpp"
#include "engines/registry.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

using Json = nlohmann::json;

constexpr const char* kName = "localhost/paddock-test/killed:1";

/// Calls by which paddock changes its own files, or talks to the engine: before, in the middle of
/// and behind what it sends, and as it writes down what came.
const std::vector<std::pair<const char*, int>> kCalls = {
    {"flock", 2},    {"flock", 3},    {"rename", 1},   {"rename", 2},
    {"fsync", 3},    {"sendto", 3},   {"sendto", 9},   {"sendto", 24},
    {"recvfrom", 1}, {"recvfrom", 3}, {"recvfrom", 4}, {"clone3", 1}};

/// Whether `image list` has it as one that paddock brought.
bool is_listed(const World& world, const TestEngine& engine, const std::string& reference) {
  const Ran ran = world.run({"image", "list", "--json", "-b", engine.id});
  CAPTURE(ran.err);
  REQUIRE(ran.status == 0);
  const Json images = Json::parse(ran.out).at("images");
  for (const auto& row : images) {
    if (row.at("reference") == reference && !row.at("how").get<std::string>().empty()) {
      return row.at("here").get<bool>();
    }
  }
  return false;
}

/// All or nothing, and what is there can be taken away.
void check_whole(const World& world, const TestEngine& engine, const std::string& reference) {
  const Ran gc = world.run({"gc"});
  CAPTURE(gc.err);
  CHECK(gc.status == 0);
  const auto agree = [&] {
    return is_listed(world, engine, reference) == !image_id(engine, reference).empty();
  };
  CHECK(eventually(agree));
  if (!image_id(engine, reference).empty()) {
    CHECK(world.run({"image", "rm", reference, "-b", engine.id}).status == 0);
  }
  CHECK(image_id(engine, reference).empty());
  CHECK(engine.containers().empty());
}

/// Kills paddock as it makes its `n`th such call; whether it came so far.
bool killed_at(World& world,
               const std::vector<std::string>& words,
               const std::string& call,
               int n) {
  auto traced = world.argv(words);
  traced.insert(traced.begin(), {"-qq", "-f", "-o", "/dev/null", "-e", "trace=" + call, "-e",
                                 "inject=" + call + ":signal=KILL:when=" + std::to_string(n)});
  world.program = "/usr/bin/strace";
  const Ran ran = world.run(traced);
  world.program.reset();
  CAPTURE(ran.err);
  CHECK((ran.status == 0 || ran.status == 137));
  return ran.status == 137;
}

}  // namespace

TEST_CASE("engine: kill -9 at the Nth system call of an import leaves all of it or nothing",
          "[engine][image][fault]") {
  NEEDS_ENGINES();
  if (!can_trace()) {
    PADDOCK_SKIP("strace cannot trace here");
  }
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const std::string root = make_root(world, "root", {PADDOCK_HELLO});
    engine.ask("DELETE",
               "/v1.41/images/" + std::string(kName) + "?force=true");  // of an earlier run
    int killed = 0;
    for (const auto& [call, n] : kCalls) {
      CAPTURE(call, n);
      const std::vector<std::string> words = {"image", "import", root, kName, "-b", engine.id};
      killed += killed_at(world, words, call, n) ? 1 : 0;
      check_whole(world, engine, kName);
    }
    CHECK(killed >= 8);
  }
}

TEST_CASE("engine: kill -9 in the middle of a pull or a build leaves no name",
          "[engine][image][fault]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage base(world, engine, "localhost/paddock-test/small:1");
    {
      Registry slow = Registry::false_one(engine, "slow");
      Started pull = world.start({"image", "pull", kServed, "-b", engine.id});
      REQUIRE(slow.process().await_output("sending"));
      pull.kill(SIGKILL);
      CHECK(pull.wait().status == 137);
      check_whole(world, engine, kServed);
    }
    world.write(world.root() / "long/Containerfile",
                "FROM localhost/paddock-test/small:1\nRUN sleep 1000\n");
    Started build = world.start(
        {"image", "build", world.root() / "long/Containerfile", "--tag", kName, "-b", engine.id});
    CHECK_FALSE(build.await_exit(std::chrono::seconds(5)));
    build.kill(SIGKILL);
    const Ran ran = build.wait();
    CAPTURE(ran.err);
    CHECK(ran.status == 137);
    CHECK(eventually([&] { return engine.containers().empty(); }));
    check_whole(world, engine, kName);
  }
}

TEST_CASE("engine: gc finds an image that came while nobody was there to note it",
          "[engine][image][fault]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName, {PADDOCK_HELLO});
    const auto note = [&](const std::string& id, const std::string& when) {
      world.write(world.state() / "images.json",
                  R"({"schema":"paddock.images/1","images":[{"backend":")" + engine.id +
                      R"(","reference":")" + kName + R"(","how":"imported","id":")" + id +
                      R"(","made_at":")" + when + "\"}]}\n");
    };
    note("", "2026-01-01T00:00:00Z");
    CHECK(world.run({"gc"}).out == "found image " + std::string(kName) + "\n");
    CHECK(world.run({"gc"}).out == "nothing to clear\n");
    CHECK(world.run({"image", "rm", kName, "-b", engine.id}).status == 0);
    for (const std::string& id : {std::string(), image.id()}) {
      note(id, "2026-01-01T00:00:00Z");
      CHECK(world.run({"gc"}).out == "forgot image " + std::string(kName) + "\n");
      CHECK(world.run({"gc"}).out == "nothing to clear\n");
    }
  }
}
