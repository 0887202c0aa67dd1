// paddock changes: what a workload did to its workspace, seen from outside.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Times count to the second.
void next_second() {
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
}

Ran changes_after(const World& world, const std::string& script, std::vector<std::string> more) {
  REQUIRE(world.run({"run", "--name", "box", "quickstart", "--", "sh", "-c", script}).status == 0);
  more.insert(more.begin(), {"changes", "box"});
  return world.run(more);
}

}  // namespace

TEST_CASE("changes: added and modified files, and a folder that lost something", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.write(world.project() / "same.txt", "1");
    world.write(world.project() / "edited.txt", "1");
    world.write(world.project() / "lost/gone.txt", "1");
    next_second();
    const Ran ran =
        changes_after(world,
                      "mkdir new && echo 1 >new/file && echo 2 >edited.txt && rm lost/gone.txt && "
                      "touch -d 1999-01-01 new/file && ln -s /etc/passwd link",
                      {"--plain"});
    CAPTURE(ran.out, ran.err);
    CHECK(ran.status == 0);
    CHECK(holds(ran.out, "modified\tfile\t2 B\t"));
    CHECK(holds(ran.out, "\tedited.txt\n"));
    CHECK(holds(ran.out, "added\tfolder\t-\t"));
    CHECK(holds(ran.out, "\tnew/file\n"));  // whatever its time of modification says
    CHECK(holds(ran.out, "modified\tfolder\t-\t"));
    CHECK(holds(ran.out, "\tlost/\n"));
    CHECK(holds(ran.out, "added\tlink\t"));
    CHECK_FALSE(holds(ran.out, "same.txt"));
    CHECK(ran.out.find("edited.txt") < ran.out.find("link"));
    CHECK(world.run({"changes", "box", "--since", "2099-01-01T00:00:00Z"}).out ==
          "CHANGE  TYPE  SIZE  WHEN  PATH\n");
    CHECK(holds(world.run({"changes", "box", "--since", "1d"}).out, "same.txt"));
  }
}

TEST_CASE("changes: the folders of a workspace are told by their names", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  for (const char* folder : {"given", "out", "other"}) {
    std::filesystem::create_directories(world.project() / folder);
  }
  world.profile("two",
                "extends = [\"quickstart\"]\n[workspace.folders]\ngiven = \"ro\"\nout = \"rw\"\n");
  next_second();
  REQUIRE(world.run({"run", "--name", "box", "two", "--", "sh", "-c", "echo 1 >out/x"}).status ==
          0);
  world.write(world.project() / "other/y", "not the sandbox's");
  const std::string json = world.run({"changes", "--json", "box"}).out;
  CHECK(holds(json, "\"path\":\"out/x\""));
  CHECK(holds(json, "\"schema\":\"paddock.changes/1\""));
  CHECK(holds(json, "\"unseen\":[]"));
  CHECK_FALSE(holds(json, "other"));
}

TEST_CASE("changes: hostile names, FIFOs and deep folders harm nobody", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran ran = changes_after(world,
                                "mkfifo pipe; touch \"$(printf 'a\\033]0;x\\007\\nb')\"; "
                                "touch \"$(printf '\\377')\"; i=0; while [ $i -lt 300 ]; do "
                                "mkdir d && cd d && i=$((i+1)); done",
                                {});
  CAPTURE(ran.out, ran.err);
  CHECK(ran.status == 3);
  CHECK(holds(ran.err, "folders lie deeper than 256"));
  CHECK(holds(ran.out, "a\\x1b]0;x\\x07\\nb"));
  CHECK_FALSE(holds(ran.out, "\x1b"));
  CHECK(holds(ran.out, "fifo"));
  const std::string json = world.run({"changes", "--json", "box"}).out;
  CHECK(holds(json, "\"path_hex\":\"ff\""));
  CHECK(holds(json, "\"why\":\"folders lie deeper than 256\""));
}

TEST_CASE("changes: a hundred thousand files take seconds", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  for (int folder = 0; folder < 100; ++folder) {
    const auto path = world.project() / std::to_string(folder);
    std::filesystem::create_directories(path);
    for (int file = 0; file < 1000; ++file) {
      ::mknod((path / std::to_string(file)).c_str(), S_IFREG | 0644, 0);
    }
  }
  REQUIRE(world.run({"run", "--name", "box", "quickstart", "true"}).status == 0);
  const auto started = std::chrono::steady_clock::now();
  const Ran ran = world.run({"changes", "box", "--since", "1h", "--plain"});
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(20));
  CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 100100);
}

TEST_CASE("changes: a workspace that is another folder by now is not looked at",
          "[integration][error]") {
  NEEDS_SANDBOXES();
  const World world;
  REQUIRE(world.run({"run", "--name", "box", "quickstart", "true"}).status == 0);
  std::filesystem::rename(world.project(), world.root() / "away");
  std::filesystem::create_directory(world.project());
  const Ran ran = world.run({"changes", "box"});
  CHECK(ran.status == 4);
  CHECK(ran.err == "paddock: error[P0133]: '" + world.project().string() +
                       "' is not the folder that the sandbox has\n"
                       "  hint: another was put there since the launch: look at it yourself\n");
}

TEST_CASE("changes: a time that is none is refused", "[integration][error]") {
  NEEDS_SANDBOXES();
  const World world;
  REQUIRE(world.run({"run", "--name", "box", "quickstart", "true"}).status == 0);
  const Ran ran = world.run({"changes", "box", "--since", "yesterday"});
  CHECK(ran.status == 2);
  CHECK(ran.err ==
        "paddock: error[P0001]: 'yesterday' is no point in time\n"
        "  hint: write 2026-11-27T17:10:00Z, a day, or how long ago: 90s, 10m, 2h, 3d\n");
}
