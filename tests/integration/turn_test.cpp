// Launches that wait for others of their backend.
#include "run/turn.hpp"

#include <vector>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

/// All turns of bubblewrap in a world, held by somebody else.
std::vector<paddock::os::FileLock> take_all(const World& world) {
  std::vector<paddock::os::FileLock> held;
  for (unsigned i = 0; i < paddock::run::turns_at_once(); ++i) {
    auto lock = paddock::os::FileLock::acquire(world.state() / "turns" /
                                               ("bubblewrap-" + std::to_string(i)));
    REQUIRE(lock);
    held.push_back(std::move(*lock));
  }
  return held;
}

}  // namespace

TEST_CASE("run: who waits for a turn is told so, once, and goes on when there is one",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  REQUIRE(world.run({"run", "quickstart", "--", "true"}).status == 0);  // makes the folder
  const std::string notice =
      "paddock: waiting: " + std::to_string(paddock::run::turns_at_once()) +
      " other launches are at work on 'bubblewrap', as many as may be at once\n";
  const auto waits = [&](std::vector<std::string> options) {
    auto held = take_all(world);
    options.insert(options.end(), {"quickstart", "--", "echo", "done"});
    Started launch = world.start(options);
    CHECK_FALSE(launch.await_exit(std::chrono::seconds(4)));
    held.clear();
    const Ran ran = launch.wait();
    CHECK(ran.status == 0);
    CHECK(ran.out.find("done\n") != std::string::npos);
    return ran.err;
  };
  const std::string told = waits({"run"});
  CAPTURE(told);
  CHECK(told.find(notice) != std::string::npos);
  CHECK(told.find("waiting") == told.rfind("waiting"));
  for (const char* silent : {"--quiet", "--json"}) {
    CAPTURE(silent);
    CHECK(waits({"run", silent}).find("waiting") == std::string::npos);
  }
}
