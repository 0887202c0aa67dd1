// The verbs that look and carry need no hand of an engine: what they show of its containers.
#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("engine: a container is looked into as any sandbox, and files go in and out",
          "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.id);
    World world;
    engine.use(world);
    for (const char* folder : {"imports", "exports"}) {
      std::filesystem::create_directories(world.project() / folder);
    }
    world.profile("six",
                  "extends = [\"quickstart\"]\nresources.memory = \"256MiB\"\n"
                  "[workspace.folders]\nimports = \"ro\"\nexports = \"rw\"\n");
    world.write(world.project() / "note.txt", "hello\n");
    Started box = world.start({"run", "--name", "box", "six", "--", "sh", "-c",
                               "echo made >exports/file; echo ready; exec sleep 1000"});
    REQUIRE(box.await_output("ready"));
    // The receipt is written beside the first moments of the work.
    CHECK(eventually([&] {
      return has(world.run({"inspect", "--json", "box"}).out, "\"verdict\":\"holds\"");
    }));
    const std::string inspected = world.run({"inspect", "--json", "box"}).out;
    CHECK(has(inspected, "\"command\":\"sleep 1000\""));
    CHECK(has(inspected, "\"target\":\"/workspace/imports\""));
    const std::string stats = world.run({"stats", "--once", "--json", "box"}).out;
    CAPTURE(stats);
    CHECK(has(stats, "\"memory_max_bytes\":268435456"));
    CHECK(has(stats, "\"cpu_percent\":"));
    CHECK(has(stats, "\"memory_bytes\":"));
    CHECK(has(stats, "\"cgroup v"));
    CHECK(has(world.run({"changes", "box"}).out, "exports/file"));
    CHECK(world.run({"import", "box", "note.txt"}).status == 0);
    CHECK(world.run({"exec", "box", "cat", "imports/note.txt"}).out == "hello\n");
    CHECK(world.run({"exports", "box", "--to", "out"}).status == 0);
    CHECK(read_text(world.project() / "out/file") == "made\n");
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    CHECK(has(world.run({"inspect", "box"}).out, "status      ended ("));
  }
}
