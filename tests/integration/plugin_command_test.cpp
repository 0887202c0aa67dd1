// paddock plugin list and paddock plugin info, on the shipped plugins and on a stranger's.
#include <sys/stat.h>

#include "base/digest.hpp"
#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;  // NOLINT(google-build-using-namespace)

namespace {

std::filesystem::path install_broken(const World& world) {
  const auto directory = world.root() / "data/paddock/plugins/broken";
  world.write(
      directory / "manifest.toml",
      read_text(std::string(PADDOCK_SOURCE_DIR) + "/tests/fixtures/plugins/broken/manifest.toml"));
  world.write(directory / "libbroken.so",
              read_text(std::string(PADDOCK_BUILD_DIR) + "/fixtures/broken-sound.so"));
  ::chmod((directory / "libbroken.so").c_str(), 0644);
  return directory;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("plugin list: shows what ships, what the user added, and what is broken",
          "[integration]") {
  const World world;
  install_broken(world);
  world.write(world.root() / "data/paddock/plugins/torn/manifest.toml", "id = \n");
  const auto copy = world.root() / "data/paddock/plugins/baseline";
  world.write(copy / "manifest.toml", "id = \n");
  const Ran plain = world.run({"plugin", "list", "--plain"});
  CHECK(plain.status == 0);
  CHECK(contains(plain.out, "baseline\thardener\t0.1.0\tin-process\t"));
  CHECK(contains(plain.out, "bubblewrap\tbackend\t0.1.0\tin-process\t"));
  CHECK(contains(plain.out,
                 "broken\thardener\t1.0.0\tchild\tbreaks the contract as its table says\n"));
  CHECK(contains(plain.out, "torn\tBROKEN\t-\t-\t"));
  CHECK(contains(plain.out, "baseline\tSHADOWED\t-\t-\t'" + copy.string() + "' is not used: '"));
  const Ran json = world.run({"plugin", "list", "--json"});
  CHECK(contains(json.out, "\"schema\":\"paddock.plugin-list/1\""));
  CHECK(contains(json.out, "\"broken\":[{\"code\":\"P0101\","));
  CHECK(contains(json.out, "\"shadowed\":[{\"by\":\""));
}

TEST_CASE("plugin info: tells options, mode, digest and trust", "[integration]") {
  const World world;
  const auto directory = install_broken(world);
  const Ran info = world.run({"plugin", "info", "broken", "--plain"});
  CHECK(info.status == 0);
  CHECK(contains(info.out, "runs\tchild\n"));
  CHECK(contains(info.out, "path\t" + directory.string() + "\n"));
  CHECK(contains(info.out,
                 "digest\t" + paddock::sha256(read_text(directory / "libbroken.so")) + "\n"));
  CHECK(contains(info.out, "trust\tok\n"));
  CHECK(contains(info.out, "do\ttext\t\"nothing\"\tfixed\twhat to do wrong\n"));
  CHECK(contains(world.run({"plugin", "info", "broken", "--json"}).out, "\"trusted\":true"));
}

TEST_CASE("plugin info: says why a library would be refused", "[integration][PL07]") {
  const World world;
  const auto library = install_broken(world) / "libbroken.so";
  REQUIRE(::chmod(library.c_str(), 0666) == 0);
  const Ran info = world.run({"plugin", "info", "broken", "--plain"});
  CHECK(info.status == 4);
  CHECK(info.err == "paddock: error[P0203]: '" + library.string() +
                        "' can be written by everybody\n  hint: chmod -R go-w '" +
                        library.parent_path().string() + "'\n");
  CHECK(contains(info.out, "trust\tREFUSED: "));
}

TEST_CASE("plugin info: an unknown id gets the nearest", "[integration]") {
  const World world;
  const Ran info = world.run({"plugin", "info", "baselin"});
  CHECK(info.status == 5);
  CHECK(info.err ==
        "paddock: error[P0201]: no plugin 'baselin'\n  hint: did you mean 'baseline'?\n");
}
