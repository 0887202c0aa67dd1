// The whole text of every error that the parents of a profile can cause.
#include "host/profile/world.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

TEST_CASE("profile: problems of a parent are reported with the child's", "[profile][error]") {
  const World world;
  world.user("parent", "network.mode = 1");
  world.user("child", "extends = ['parent']\nnetwork.mode = 2");
  CHECK(world.problem("child") ==
        "USER/child.toml:3:16: error[P0113]: 'mode' in [network] takes a string, not an integer\n"
        "  3 | network.mode = 2\n"
        "    |                ^\n"
        "USER/parent.toml:2:16: error[P0113]: 'mode' in [network] takes a string, not an integer\n"
        "  2 | network.mode = 1\n"
        "    |                ^\n");
}

TEST_CASE("profile: extends takes names, never paths or URLs (PR13)", "[profile][error]") {
  const World world;
  world.user("path", "extends = ['../evil', '/etc/x.toml', 'https://example.org/x', 'x.toml']");
  CHECK(
      world.problem("path").substr(0, 300) ==
      std::string("USER/path.toml:2:12: error[P0123]: extends takes names of profiles, not "
                  "'../evil'\n"
                  "  2 | extends = ['../evil', '/etc/x.toml', 'https://example.org/x', 'x.toml']\n"
                  "    |            ^^^^^^^^^\n"
                  "  hint: put the file into your profile directory and name it\n"
                  "USER/path.toml:2:23: error[P0123]: extends takes names of profiles, not "
                  "'/etc/x.toml'\n")
          .substr(0, 300));
  CHECK(world.resolve("path").error().others.size() == 3);
  world.user("none", "extends = ['quikstart']");
  CHECK(world.problem("none") ==
        "USER/none.toml:2:12: error[P0135]: no profile is named 'quikstart'\n"
        "  2 | extends = ['quikstart']\n"
        "    |            ^^^^^^^^^^^\n"
        "  hint: did you mean 'quickstart'?\n");
}

TEST_CASE("profile: a loop of extends is named (PR04)", "[profile][error]") {
  const World world;
  world.user("self", "extends = ['self']");
  CHECK(world.problem("self") ==
        "USER/self.toml:2:12: error[P0121]: profiles extend each other in a loop: self -> self\n"
        "  2 | extends = ['self']\n"
        "    |            ^^^^^^\n");
  world.user("a", "extends = ['b']");
  world.user("b", "extends = ['a']");
  CHECK(world.resolve("a").error().what == "profiles extend each other in a loop: a -> b -> a");
  for (int i = 0; i < 50; ++i) {
    world.user("c" + std::to_string(i), "extends = ['c" + std::to_string((i + 1) % 50) + "']");
  }
  const std::string loop = world.resolve("c0").error().what;
  CHECK(loop.rfind("profiles extend each other in a loop: c0 -> c1 -> c2 -> ", 0) == 0);
  CHECK(loop.substr(loop.size() - 9) == "c49 -> c0");
}

TEST_CASE("profile: a chain of a thousand is too long (PR04)", "[profile][error]") {
  const World world;
  for (int i = 0; i < 1000; ++i) {
    world.user("c" + std::to_string(i), "extends = ['c" + std::to_string(i + 1) + "']");
  }
  CHECK(world.problem("c0") ==
        "USER/c63.toml:2:12: error[P0122]: the chain of extends is longer than 64 profiles\n"
        "  2 | extends = ['c64']\n"
        "    |            ^^^^^\n");
}

}  // namespace
}  // namespace paddock::test
