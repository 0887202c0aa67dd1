// Many launches on real engines: at once for one name, and one after another for a long time.
#include <algorithm>
#include <cstdlib>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

/// Processes of the engine's that watch over containers, those that linger on purpose apart.
std::size_t count_shims(const TestEngine& engine) {
  std::size_t count = 0;
  for (const pid_t pid : processes_with(engine.folder().string())) {
    const std::string name = read_text("/proc/" + std::to_string(pid) + "/comm");
    count += name.starts_with("containerd-shim") || name.starts_with("conmon") ? 1 : 0;
  }
  return count;
}

std::size_t count_entries(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    count += entry.is_directory() || entry.is_regular_file() ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("engine: fifty race for one name, one gets it (LC07)", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    constexpr int kRacers = 50;
    std::vector<Started> racers;
    for (int i = 0; i < kRacers; ++i) {
      racers.push_back(world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                                    "echo ran >> log; while [ ! -e go ]; do sleep 0.05; done"}));
    }
    const auto refused = [&] {
      return std::count_if(racers.begin(), racers.end(), [](Started& racer) {
        return racer.await_exit(std::chrono::seconds(0));
      });
    };
    REQUIRE(eventually([&] { return refused() == kRacers - 1; }, std::chrono::seconds(60)));
    world.write(world.project() / "go", "");
    int won = 0, lost = 0;
    for (Started& racer : racers) {
      const Ran ran = racer.wait();
      won += ran.status == 0 ? 1 : 0;
      lost += ran.status == 125 && ran.err.find("error[P0602]") != std::string::npos ? 1 : 0;
    }
    CHECK(won == 1);
    CHECK(lost == kRacers - 1);
    CHECK(read_text(world.project() / "log") == "ran\n");
    CHECK(engine.containers().empty());
    CHECK(residue(world).empty());
  }
}

TEST_CASE("engine: up and down again and again, and nothing grows", "[engine]") {
  NEEDS_ENGINES();
  // A thousand for `tests/run --full`.
  const int cycles = std::getenv("PADDOCK_TEST_FULL") != nullptr ? 1000 : 10;
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const auto launch = [&](int times) {
      for (int i = 0; i < times; ++i) {
        REQUIRE(world.shell("true").status == 0);
      }
    };
    launch(22);  // the records of so many ended ones are kept
    const std::size_t shims = count_shims(engine), entries = count_entries(world.state());
    launch(cycles);
    CHECK(engine.containers().empty());
    CHECK(residue(world).empty());
    CHECK(eventually([&] { return count_shims(engine) <= shims; }, std::chrono::seconds(20)));
    CHECK(count_entries(world.state()) <= entries + 40);  // dropped twenty at a time
  }
}
