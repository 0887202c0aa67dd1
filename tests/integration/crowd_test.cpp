// Many sandboxes at once, and many that want one name.
#include "integration/crowd.hpp"

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
  race_for_a_name(World());
}
