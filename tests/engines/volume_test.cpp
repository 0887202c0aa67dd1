// Named volumes: the same profile on every backend, and what outlives a sandbox.
#include <regex>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kVolume =
    "extends = [\"quickstart\"]\n"
    "[[mounts]]\ntype = \"volume\"\nvolume = \"cache\"\ntarget = \"/cache\"\n";
constexpr const char* kReader =
    "extends = [\"quickstart\"]\n"
    "[[mounts]]\ntype = \"volume\"\nvolume = \"cache\"\ntarget = \"/other\"\nmode = \"ro\"\n"
    "exec = false\n";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The engines, and what needs none.
std::vector<TestEngine> backends() {
  std::vector<TestEngine> list = engines();
  list.push_back({"bubblewrap", "bubblewrap", "", "", ::geteuid()});
  return list;
}

void furnish(World& world, const TestEngine& backend) {
  if (backend.socket.empty()) {
    world.write(world.root() / "config/paddock/host.toml",
                "[backend]\nprefer = [\"bubblewrap\"]\n");
  } else {
    backend.use(world);
  }
  world.profile("keeper", kVolume);
  world.profile("reader", kReader);
}

}  // namespace

TEST_CASE("volume: what one sandbox wrote the next one reads, on every backend",
          "[engine][volume]") {
  NEEDS_ENGINES();
  NEEDS_SANDBOXES();
  for (const TestEngine& backend : backends()) {
    CAPTURE(backend.name);
    World world(backend.uid);
    furnish(world, backend);
    const std::string own = "echo $(id -u):$(id -g)";
    const std::string user = backend.uid == 0 ? "1000:1000\n" : world.outside(own).out;
    const Ran first = world.shell("ls -A /cache; echo kept >/cache/file; " + own, "keeper");
    CAPTURE(first.err);
    CHECK(first.out == user);
    CHECK(world.shell("cat /cache/file; stat -c %u:%g /cache/file /cache", "keeper").out ==
          "kept\n" + user + user);
    // Another profile, another place: the same volume, and less may be done with it.
    const Ran reader = world.shell("cat /other/file; echo x >/other/file", "reader");
    CHECK(has(reader.out, "kept\n"));
    CHECK(has(reader.err, "Read-only file system"));
    CHECK(has(world.shell("grep ' /other ' /proc/self/mounts", "reader").out,
              "ro,nosuid,nodev,noexec"));
    CHECK(std::regex_search(world.run({"run", "--ledger", "keeper", "--", "true"}).err,
                            std::regex("mounts.volume +ok +observed")));
    CHECK(world.run({"gc"}).status == 0);
    CHECK(has(world.run({"volume", "list", "--plain"}).out, "cache\t" + backend.id + "\t"));
    CHECK(world.run({"volume", "rm", "--yes", "cache"}).out == "cache\n");
    CHECK(world.run({"volume", "list", "--plain"}).out.empty());
    CHECK(world.shell("ls -A /cache", "keeper").out.empty());
    CHECK(world.run({"volume", "rm", "--yes", "cache"}).status == 0);
    for (const TestEngine& engine : engines()) {
      CHECK(engine.volumes().empty());
    }
  }
}

TEST_CASE("volume: rm asks, and refuses one that is in use or not there", "[engine][volume]") {
  NEEDS_ENGINES();
  NEEDS_SANDBOXES();
  for (const TestEngine& backend : backends()) {
    CAPTURE(backend.name);
    World world(backend.uid);
    furnish(world, backend);
    Started box = world.start({"run", "--name", "box", "keeper", "--", "sh", "-c",
                               "echo kept >/cache/file; echo ready; sleep 1000; :"});
    REQUIRE(box.await_output("ready"));
    CHECK(has(world.run({"volume", "list", "--plain"}).out, "\tbox\n"));
    CHECK(world.run({"exec", "box", "cat", "/cache/file"}).out == "kept\n");
    CHECK(world.run({"verify", "box"}).status == 0);
    const Ran used = world.run({"volume", "rm", "--yes", "cache"});
    CHECK(used.status == 4);
    CHECK(used.err ==
          "paddock: error[P0608]: volume 'cache' is in use by box\n"
          "  hint: stop what uses it: paddock stop box\n");
    CHECK(world.run({"stop", "box"}).status == 0);
    box.wait();
    const Ran unasked = world.run({"volume", "rm", "cache"});
    CHECK(unasked.status == 6);
    CHECK(unasked.err ==
          "paddock: error[P0605]: nobody is there to confirm that volume 'cache' is to go\n"
          "  hint: run it in a terminal, or with --yes\n");
    const Ran absent = world.run({"volume", "rm", "--yes", "cash"});
    CHECK(absent.status == 5);
    CHECK(absent.err ==
          "paddock: error[P0607]: there is no volume 'cash'\n"
          "  hint: did you mean 'cache'?\n");
    CHECK(world.shell("cat /cache/file", "keeper").out == "kept\n");
    CHECK(world.run({"volume", "rm", "--yes", "cache"}).status == 0);
  }
}

TEST_CASE("volume: killed behind its record or its removal, it is there or gone, never half",
          "[engine][volume][fault]") {
  NEEDS_ENGINES();
  NEEDS_SANDBOXES();
  for (const TestEngine& backend : backends()) {
    CAPTURE(backend.name);
    World world(backend.uid);
    furnish(world, backend);
    const std::string faulty = std::string(PADDOCK_BUILD_DIR) + "/bin/paddock-faulty";
    const auto killed_at = [&](const std::string& step, const std::vector<std::string>& words) {
      CAPTURE(step);
      const auto program = world.program;
      world.program = faulty;
      world.environment["PADDOCK_TEST_FAULT"] = step;
      CHECK(world.run(words).status == 137);
      world.environment.erase("PADDOCK_TEST_FAULT");
      world.program = program;
    };
    for (const std::string step : {"journal", "volume-recorded", "volumes", "create"}) {
      killed_at(step, {"run", "keeper", "--", "true"});
      CHECK(world.run({"gc"}).status == 0);
    }
    CHECK(world.shell("echo kept >/cache/file; cat /cache/file", "keeper").out == "kept\n");
    killed_at("volume-removed", {"volume", "rm", "--yes", "cache"});
    CHECK(has(world.run({"volume", "list", "--plain"}).out, "cache\t"));
    CHECK(world.shell("ls -A /cache", "keeper").out.empty());
    CHECK(world.run({"volume", "rm", "--yes", "cache"}).status == 0);
    for (const TestEngine& engine : engines()) {
      CHECK(engine.volumes().empty());
      CHECK(engine.containers().empty());
    }
  }
}

TEST_CASE("engine: a volume of that name that is not paddock's is neither used nor removed",
          "[engine][volume]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    furnish(world, engine);
    REQUIRE(world.shell("true", "keeper").status == 0);
    REQUIRE(engine.volumes().size() == 1);
    const std::string name = engine.volumes().front();
    CHECK(name.rfind("paddock-cache-", 0) == 0);
    engine.ask("DELETE", "/v1.41/volumes/" + name);
    engine.ask("POST", "/v1.41/volumes/create", "{\"Name\":\"" + name + "\"}");
    const Ran ran = world.shell("echo ran", "keeper");
    CHECK(ran.status == 125);
    CHECK(has(ran.err, "error[P0502]: the engine's volume '" + name +
                           "' is not paddock's: its label is missing\n"));
    CHECK(world.run({"volume", "rm", "--yes", "cache"}).status == 0);
    CHECK(engine.volumes() == std::vector<std::string>{name});
    engine.ask("DELETE", "/v1.41/volumes/" + name);
  }
}

TEST_CASE("bubblewrap: a volume that the work filled with traps goes, and nothing else",
          "[engine][volume]") {
  NEEDS_SANDBOXES();
  World world;
  furnish(world, backends().back());
  world.write(world.project() / "precious", "precious\n");
  const Ran ran = world.shell(
      "cd /cache; mkdir -p a/b/c locked; touch a/b/c/f locked/f; ln -s /workspace out; "
      "ln -s / root; mkfifo pipe; chmod 000 locked a/b",
      "keeper");
  CHECK(ran.status == 0);
  const auto place = world.root() / "data/paddock/volumes/cache";
  CHECK(std::filesystem::exists(place));
  CHECK(world.run({"volume", "rm", "--yes", "cache"}).status == 0);
  CHECK_FALSE(std::filesystem::exists(place));
  CHECK(std::filesystem::exists(world.project() / "precious"));
}
