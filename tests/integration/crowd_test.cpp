// Many sandboxes at once, and many that want one name.
#include <algorithm>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

TEST_CASE("crowd: two sandboxes do not see each other", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  std::vector<Started> boxes;
  for (const char* name : {"one", "two"}) {
    boxes.push_back(
        world.start({"run", "--name", name, "quickstart", "--", "sh", "-c",
                     std::string("touch /tmp/") + name + "; echo ready; sleep 1000; :"}));
    REQUIRE(boxes.back().await_output("ready"));
  }
  const Ran one =
      world.run({"exec", "one", "--", "sh", "-c", "ls /tmp; ls /proc | grep -c '^[0-9]'"});
  CHECK(one.out.find("one\n") != std::string::npos);
  CHECK(one.out.find("two") == std::string::npos);
  const Ran inode = world.run({"exec", "one", "readlink", "/proc/self/ns/net"});
  CHECK(inode.out != world.run({"exec", "two", "readlink", "/proc/self/ns/net"}).out);
  CHECK(world.run({"stop", "--grace", "0", "one", "two"}).status == 0);
}

TEST_CASE("crowd: twenty sandboxes at once, each with its own status", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  std::vector<Started> boxes;
  for (int i = 0; i < 20; ++i) {
    boxes.push_back(
        world.start({"run", "quickstart", "--", "sh", "-c", "exit " + std::to_string(i)}));
  }
  for (int i = 0; i < 20; ++i) {
    const Ran ran = boxes.at(static_cast<std::size_t>(i)).wait();
    INFO(ran.err);
    CHECK(ran.status == i);
  }
  CHECK(residue(world).empty());
}

TEST_CASE("crowd: fifty race for one name, one gets it (LC07)", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  constexpr int kRacers = 50;
  std::vector<Started> racers;
  for (int i = 0; i < kRacers; ++i) {
    racers.push_back(world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                                  "echo ran >> log; while [ ! -e go ]; do sleep 0.05; done"}));
  }
  // The winner holds the name until everybody else was refused.
  const auto refused = [&] {
    return std::count_if(racers.begin(), racers.end(),
                         [](Started& racer) { return racer.await_exit(std::chrono::seconds(0)); });
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
  CHECK(residue(world).empty());
}
