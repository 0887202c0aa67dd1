// [image]: forms, paths, and who may say what.
#include "host/profile/world.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

TEST_CASE("profile: values of [image] have their forms", "[profile][image][error]") {
  const World world;
  for (const std::string line :
       {"reference = 'UPPER'", "reference = ''", "reference = 'a b'", "digest = 'sha256:1'",
        "platform = 'linux'", "build = ''", "context = ''", "pull = 'sometimes'"}) {
    CAPTURE(line);
    CHECK_FALSE(world.resolve(world.user("mine", "[image]\n" + line + "\n")).has_value());
  }
  CHECK(world.problem(world.user("mine", "[image]\nreference = 'Debian'\n")) ==
        "USER/mine.toml:3:13: error[P0117]: 'Debian' is not the name of an image\n"
        "  3 | reference = 'Debian'\n"
        "    |             ^^^^^^^^\n"
        "  hint: names look like debian:13 or registry.example/team/image:1\n");
}

TEST_CASE("profile: what an image is built from lies beside the profile", "[profile][image]") {
  const World world;
  const std::string mine = world.user("mine",
                                      "[image]\nbuild = 'x/Containerfile'\n"
                                      "context = '../all'\n");
  CHECK(world.value(mine, "image.build") == "\"USER/x/Containerfile\"");
  CHECK(world.resolve(mine)->root.find("image.context")->text()->ends_with("/all"));
}

TEST_CASE("profile: a layer above may only pull more seldom", "[profile][image]") {
  const World world;
  world.user("mine", "[image]\nreference = 'debian:13'\n");
  CHECK(world.value("mine", "image.pull", {"image.pull=never"}) == "\"never\"");
  for (const std::string& set :
       std::vector<std::string>{"image.pull=always", "image.reference=other:1", "image.build=/x",
                                "image.digest=sha256:" + std::string(64, 'a')}) {
    CAPTURE(set);
    CHECK_FALSE(world.resolve("mine", {set}).has_value());
  }
}

}  // namespace
}  // namespace paddock::test
