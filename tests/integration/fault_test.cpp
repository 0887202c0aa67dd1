// kill -9 of paddock anywhere, interrupts on the way up, and what is left afterwards: nothing.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

/// Of a launch that has hooks and a hardener that attaches, in order.
const std::vector<std::string> kSteps = {"profile",
                                         "plan",
                                         "image",
                                         "claim",
                                         "hooks",
                                         "hooks-before",
                                         "digests",
                                         "prepare",
                                         "journal",
                                         "volumes",
                                         "turn",
                                         "create",
                                         "attach",
                                         "prove",
                                         "record",
                                         "release",
                                         "hardeners-released",
                                         "removed",
                                         "hooks-after",
                                         "ended"};

/// The steps from `from` on, to see which have been made behind a kill.
bool is_behind(const std::string& step, const char* from) {
  const auto begin = std::find(kSteps.begin(), kSteps.end(), from);
  return std::find(begin, kSteps.end(), step) != kSteps.end();
}

/// A world with the build of paddock that has fault points.
struct FaultyWorld : World {
  explicit FaultyWorld(uid_t user = ::geteuid()) : World(user) {
    program = std::filesystem::path(PADDOCK_BUILD_DIR) / "bin/paddock-faulty";
  }
};

/// One whose profile `busy` leaves no step without work: both kinds of hook, which log what they
/// see, and a hardener that attaches.
struct BusyWorld : FaultyWorld {
  explicit BusyWorld(uid_t user) : FaultyWorld(user) {
    install_run_log();
    install_fixture("broken", "broken-sound.so");
    const std::string file = "file = '" + log_file().string() + "'\n";
    profile("busy",
            "extends = ['quickstart']\n[hardener.broken]\ndo = 'nothing'\n"
            "[[hooks]]\nid = 'run-log'\nphase = 'before-launch'\n" +
                file + "[[hooks]]\nid = 'run-log'\nphase = 'after-stop'\n" + file);
    write(project() / "work.txt", "precious\n");
  }

  std::filesystem::path log_file() const { return home() / "log"; }
  std::string log() const {
    return std::filesystem::exists(log_file()) ? read_text(log_file()) : "";
  }
  Ran launch() const {
    return run({"run", "--name", "box", "busy", "--", "sh", "-c", "sleep 0.1; :", root().string()});
  }
};

/// System calls by which paddock itself changes files or processes, or begins to.
constexpr const char* kChanging[] = {
    "mkdir", "write", "rename", "renameat2", "rmdir",      "unlink", "vfork",  "clone3",
    "pipe2", "flock", "kill",   "setsid",    "socketpair", "fsync",  "openat", "pidfd_send_signal"};

/// Kills paddock as it makes its `n`th call of this name, checks that gc finds everything, and
/// says whether it came so far.
bool killed_at(const std::string& call, int n, uid_t user) {
  World world(user);
  world.write(world.project() / "work.txt", "precious\n");
  auto words = world.argv({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                           "sleep 0.02; :", world.root().string()});
  words.insert(words.begin(), {"-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e",
                               "inject=" + call + ":signal=KILL:when=" + std::to_string(n)});
  world.program = "/usr/bin/strace";
  const Ran ran = world.run(words);
  INFO(ran.err);
  CHECK((ran.status == 0 || ran.status == 137));
  world.program.reset();
  const auto instances = instances_of(world);
  const Ran gc = world.run({"gc"});
  INFO(gc.err);
  CHECK(gc.status == 0);
  CHECK(eventually([&] { return residue(world, instances).empty(); }, std::chrono::seconds(10)));
  CHECK(read_text(world.project() / "work.txt") == "precious\n");
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(world.project())) {
    ++files;
  }
  CHECK(files == 1);
  return ran.status == 137;
}

}  // namespace

TEST_CASE("faults: a launch passes every step that kill -9 is tried behind",
          "[integration][fault]") {
  NEEDS_SANDBOXES();
  BusyWorld world(::geteuid());
  world.environment["PADDOCK_TEST_STEPS"] = (world.root() / "steps").string();
  const Ran ran = world.launch();
  INFO(ran.err);
  CHECK(ran.status == 0);
  std::string all;
  for (const std::string& step : kSteps) {
    all += step + "\n";
  }
  CHECK(read_text(world.root() / "steps") == all);
  CHECK(world.log() == "box (busy) starts\nbox (busy) stopped with exit code 0\n");
}

TEST_CASE("faults: kill -9 behind every step, then gc: nothing is left", "[integration][fault]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    for (const std::string& step : kSteps) {
      CAPTURE(user, step);
      BusyWorld world(user);
      world.environment["PADDOCK_TEST_FAULT"] = step;
      CHECK(world.launch().status == 137);
      world.environment.erase("PADDOCK_TEST_FAULT");
      const auto state = world.state() / "sandboxes/box/state.json";
      const bool attached = std::filesystem::exists(state) &&
                            read_text(state).find("\"attached\":[{") != std::string::npos;
      CHECK(attached == (is_behind(step, "attach") && step != "ended"));
      const auto instances = instances_of(world);
      const Ran gc = world.run({"gc"});
      INFO(gc.err);
      CHECK(gc.status == 0);
      CHECK(eventually([&] { return residue(world, instances).empty(); }, std::chrono::seconds(5)));
      CHECK(read_text(world.project() / "work.txt") == "precious\n");
      CHECK((world.log().find("starts") != std::string::npos) == is_behind(step, "hooks-before"));
      CHECK((world.log().find("stopped") != std::string::npos) == is_behind(step, "hooks-before"));
      CHECK(world.launch().status == 0);
    }
  }
}

TEST_CASE("faults: kill -9 at the Nth system call of every kind, then gc: nothing is left",
          "[integration][fault]") {
  NEEDS_SANDBOXES();
  if (!can_trace()) {
    PADDOCK_SKIP("strace cannot trace here");
  }
  // Every Nth; all of them for `tests/run --full`.
  const bool full = std::getenv("PADDOCK_TEST_FULL") != nullptr;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  int killed = 0;
  for (const char* call : kChanging) {
    for (const uid_t user : users()) {
      bool untouched = false;
      for (int n = 1; !untouched && (full || std::chrono::steady_clock::now() < end);
           n += full ? 1 : 6) {
        CAPTURE(call, user, n);
        untouched = !killed_at(call, n, user);
        killed += untouched ? 0 : 1;
      }
    }
  }
  CHECK(killed >= 20);
}

TEST_CASE("faults: SIGINT on the way up rolls back and runs nothing", "[integration][fault]") {
  NEEDS_SANDBOXES();
  for (const char* step : {"claim", "create", "prove", "record"}) {
    CAPTURE(step);
    FaultyWorld world;
    world.environment["PADDOCK_TEST_PAUSE"] = step;
    Started started = world.start({"run", "quickstart", "--", "touch", "ran"});
    REQUIRE(started.await_output("paused"));
    started.kill(SIGINT);
    const Ran ran = started.wait();
    CHECK(ran.status == 125);
    CHECK(ran.err.find("error[P0703]: interrupted by signal 2") != std::string::npos);
    CHECK(residue(world).empty());
    CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
  }
}

TEST_CASE("faults: a second SIGINT skips the clean-up and says what is left",
          "[integration][fault]") {
  NEEDS_SANDBOXES();
  FaultyWorld world;
  world.environment["PADDOCK_TEST_PAUSE"] = "prove";
  world.environment["PADDOCK_TEST_LONG"] = "1";
  Started started = world.start({"run", "--name", "box", "quickstart", "--", "true"});
  REQUIRE(started.await_output("paused"));
  started.kill(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  started.kill(SIGINT);
  const Ran ran = started.wait();
  CHECK(ran.status == 130);
  CHECK(ran.err.find("paddock: clean-up skipped; left: sandbox 'box'; `paddock gc` removes it\n") !=
        std::string::npos);
  CHECK(world.run({"gc"}).out == "cleared box\n");
  CHECK(residue(world).empty());
}

TEST_CASE("faults: stop cancels a launch on its way up", "[integration][fault]") {
  NEEDS_SANDBOXES();
  FaultyWorld world;
  world.environment["PADDOCK_TEST_PAUSE"] = "create";
  Started started = world.start({"run", "--name", "box", "quickstart", "--", "touch", "ran"});
  REQUIRE(started.await_output("paused"));
  world.environment.erase("PADDOCK_TEST_PAUSE");
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(started.wait().status == 125);
  CHECK(residue(world).empty());
  CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
}

TEST_CASE("faults: a launch that waits is proved before anything runs", "[integration][fault]") {
  NEEDS_SANDBOXES();
  FaultyWorld world;
  world.environment["PADDOCK_TEST_PAUSE"] = "prove";
  Started started = world.start({"run", "--name", "box", "quickstart", "--", "touch", "ran"});
  REQUIRE(started.await_output("paused"));
  CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
  CHECK(started.wait().status == 0);
  CHECK(std::filesystem::exists(world.project() / "ran"));
}
