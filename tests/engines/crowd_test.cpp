// Many launches on real engines: at once for one name, and one after another for a long time.
#include "integration/crowd.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

constexpr int kKeptRecords = 40;  // twenty, and as many more until they are dropped

/// Empty for a process that has ended meanwhile.
std::string name_of(pid_t pid) {
  std::string name;
  std::ifstream("/proc/" + std::to_string(pid) + "/comm") >> name;
  return name;
}

/// Processes of the engine's that watch over containers, those that linger on purpose apart.
std::size_t count_shims(const TestEngine& engine) {
  std::size_t count = 0;
  for (const pid_t pid : processes_with(engine.folder().string())) {
    const std::string name = name_of(pid);
    count += name.starts_with("containerd-shim") || name.starts_with("conmon") ? 1 : 0;
  }
  return count;
}

/// Of sandboxes that have ended.
std::size_t count_records(const World& world) {
  using Entries = std::filesystem::directory_iterator;
  return static_cast<std::size_t>(std::distance(Entries(world.state() / "ended"), Entries()));
}

}  // namespace

TEST_CASE("engine: fifty race for one name, one gets it (LC07)", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    race_for_a_name(world);
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: up and down again and again, and nothing grows", "[engine]") {
  NEEDS_ENGINES();
  // A thousand for `tests/run --full`.
  const int cycles = std::getenv("PADDOCK_TEST_FULL") != nullptr ? 1000 : kKeptRecords;
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const auto launch = [&](int times) {
      for (int i = 0; i < times; ++i) {
        REQUIRE(world.shell("true").status == 0);
      }
    };
    launch(5);
    const std::size_t shims = count_shims(engine);
    launch(cycles);
    CHECK(engine.containers().empty());
    CHECK(residue(world).empty());
    CHECK(eventually([&] { return count_shims(engine) <= shims; }, std::chrono::seconds(20)));
    CHECK(count_records(world) <= kKeptRecords);
  }
}
