// Warm sandboxes: proved ahead of time, taken by the next run of the same profile and folder.
#include <signal.h>
#include <unistd.h>

#include "integration/window.hpp"
#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

void write_profile(const World& world, const std::string& more = "") {
  world.profile("hot", "extends = [\"quickstart\"]\n[backend]\nwarm = 2\n" + more);
}

std::size_t warm_ones(const World& world) {
  const std::string listed = world.run({"ps", "--plain"}).out;
  std::size_t count = 0;
  for (auto at = listed.find("\twarm\t"); at != std::string::npos;
       at = listed.find("\twarm\t", at + 1)) {
    ++count;
  }
  return count;
}

bool await_warm(const World& world, std::size_t wanted) {
  return eventually([&] { return warm_ones(world) == wanted; });
}

/// What is said to the user where a warm sandbox was taken.
bool was_warm(const Ran& ran) {
  return ran.err.find("taken warm, proved ") != std::string::npos;
}

/// None is wanted any more: the next `paddock warm` ends those that are there.
void stop_all(const World& world) {
  world.profile("hot", "extends = [\"quickstart\"]\n");
  CHECK(world.run({"warm", "hot"}).status == 0);
  CHECK(world.run({"warm", "--tty", "hot"}).status == 0);
  CHECK(world.run({"warm", "--set", "resources.pids=99", "hot"}).status == 0);
  CHECK(eventually([&] { return residue(world).empty(); }));
}

}  // namespace

TEST_CASE("warm: a run takes one, with streams, input and exit status, and makes up for it",
          "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t uid : users()) {
    const World world(uid);
    write_profile(world);
    CHECK(world.run({"warm", "hot"}).status == 0);
    CHECK(warm_ones(world) == 2);
    const Ran ran = world.run(
        {"-v", "run", "hot", "--", "sh", "-c", "cat; echo oops >&2; pwd; exit 7"}, "typed\n");
    CHECK(was_warm(ran));
    CHECK(ran.status == 7);
    CHECK(ran.out == "typed\n/workspace\n");
    CHECK(ran.err.find("oops\n") != std::string::npos);
    CHECK(await_warm(world, 2));
    const Ran missing = world.run({"run", "hot", "--", "nonesuch"});
    CHECK(missing.status == 127);
    CHECK(missing.err.find("error[P0705]") != std::string::npos);
    stop_all(world);
  }
}

TEST_CASE("warm: what is proved, run and recorded is the command that was asked for",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  write_profile(world);
  CHECK(world.run({"warm", "hot"}).status == 0);
  Started started = world.start({"run", "hot", "--", "sh", "-c", "echo here; sleep 1000"});
  REQUIRE(started.await_output("here\n"));
  const std::string listed = world.run({"ps", "--plain"}).out;
  const auto line = listed.find("\trunning\t");
  REQUIRE(line != std::string::npos);
  const std::size_t begin =
      listed.rfind('\n', line) == std::string::npos ? 0 : listed.rfind('\n', line) + 1;
  const std::string name = listed.substr(begin, line - begin);
  CHECK(listed.find("sh -c echo here; sleep 1000") != std::string::npos);
  CHECK(world.run({"verify", name}).status == 0);
  CHECK(world.run({"exec", name, "--", "echo", "in"}).out == "in\n");
  const Ran receipt = world.run({"receipt", "--json", name});
  CHECK(receipt.out.find("echo here; sleep 1000") != std::string::npos);
  // It ends with the run that took it.
  started.kill(SIGKILL);
  CHECK(eventually([&] {
    return world.run({"ps", "--plain"}).out.find("\trunning\t") == std::string::npos;
  }));
  stop_all(world);
}

TEST_CASE("warm: one that is not fit any more is never used", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  write_profile(world);
  CHECK(world.run({"warm", "hot"}).status == 0);
  write_profile(world, "[process]\nenv = { WHICH = \"new\" }\n");
  const Ran changed = world.run({"-v", "run", "hot", "--", "sh", "-c", "echo $WHICH"});
  CHECK_FALSE(was_warm(changed));
  CHECK(changed.out == "new\n");
  // Those that are not fit are still there for a moment.
  CHECK(eventually([&] {
    const Ran again = world.run({"-v", "run", "hot", "--", "sh", "-c", "echo $WHICH"});
    return was_warm(again) && again.out == "new\n";
  }));
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--name", "mine"}, {"--set", "resources.pids=99"}, {"--json"}}) {
    std::vector<std::string> words{"-v", "run"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {"hot", "--", "true"});
    const Ran other = world.run(words);
    CHECK(other.status == 0);
    CHECK_FALSE(was_warm(other));
  }
  stop_all(world);
}

TEST_CASE("warm: a killed keeper's sandbox is cleared, another is taken", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  write_profile(world);
  CHECK(world.run({"warm", "hot"}).status == 0);
  for (const auto& entry : std::filesystem::directory_iterator(world.state() / "sandboxes")) {
    const auto state = read_text(entry.path() / "state.json");
    ::kill(std::stoi(state.substr(state.find("\"host_pid\":") + 11)), SIGKILL);
  }
  const Ran ran = world.run({"run", "hot", "--", "echo", "ran"});
  CHECK(ran.status == 0);
  CHECK(ran.out == "ran\n");
  stop_all(world);
}

TEST_CASE("warm: runs on a terminal have warm ones of their own", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  write_profile(world);
  CHECK(world.run({"warm", "--tty", "hot"}).status == 0);
  CHECK_FALSE(was_warm(world.run({"-v", "run", "hot", "--", "true"})));
  Window window(
      world, {"run", "hot", "--", "sh", "-c", "test -t 0 && test -t 1 && echo $TERM; stty size"});
  CHECK(window.wait() == 0);
  CHECK(window.screen().find("taken warm") != std::string::npos);
  CHECK(window.screen().find("xterm\r\n") != std::string::npos);
  CHECK(window.screen().find("33 77") != std::string::npos);
  CHECK(window.restored());
  stop_all(world);
}

TEST_CASE("warm: a repository's profile may not ask for it", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  world.write(world.project() / "p.toml",
              "schema_version = 1\nextends = [\"quickstart\"]\n[backend]\nwarm = 1\n");
  const Ran ran = world.run({"run", "./p.toml", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(ran.err.find("'backend.warm' = 1 loosens 0") != std::string::npos);
}
