// Plugins in real launches: which libraries are opened, and what a stranger's broken plugin does
// to a launch (nothing half-hardened, nothing left).
#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <set>

#include "integration/world.hpp"
#include "os/process.hpp"
#include "os/unique_fd.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;  // NOLINT(google-build-using-namespace)
namespace os = paddock::os;

namespace {

void profile_with_broken(const World& world, const std::string& wrong, const std::string& place) {
  world.profile("odd", "extends = ['quickstart']\n[hardener.broken]\ndo = '" + wrong + "'\nat = '" +
                           place + "'\n");
}

/// File names "lib*.so" below a plugin directory that the command opened, its children included.
std::set<std::string> libraries_opened(const World& world,
                                       const std::vector<std::string>& arguments,
                                       int status = 0) {
  const auto trace = world.root() / "trace";
  os::SpawnOptions options;
  options.argv = {"env", "-C", world.project().string(),    "strace", "-f",
                  "-qq", "-e", "trace=open,openat,openat2", "-o",     trace.string()};
  const auto command = world.argv(arguments);
  options.argv.insert(options.argv.end(), command.begin(), command.end());
  options.environment = world.envp();
  const os::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  options.descriptors = {{null.get(), 0}, {null.get(), 1}, {2, 2}};
  auto child = os::spawn(options);
  REQUIRE(child);
  REQUIRE(os::exit_code(child->wait().value()) == status);
  std::set<std::string> opened;
  const std::string text = read_text(trace);
  for (const std::string name :
       {"libabacus.so", "libbubblewrap.so", "libbaseline.so", "libbroken.so"}) {
    if (text.find(name) != std::string::npos) {
      opened.insert(name);
    }
  }
  return opened;
}

}  // namespace

TEST_CASE("plugins: a launch opens the libraries that its profile names, and no other",
          "[integration]") {
  NEEDS_SANDBOXES();
  if (!can_trace()) {
    PADDOCK_SKIP("strace cannot trace here");
  }
  const World world;
  world.install_fixture("broken", "broken-sound.so");
  CHECK(libraries_opened(world, {"run", "--backend", "bubblewrap", "quickstart", "--", "true"}) ==
        std::set<std::string>{"libbaseline.so", "libbubblewrap.so"});
  CHECK(libraries_opened(world, {"plugin", "list"}).empty());
  CHECK(libraries_opened(world, {"profile", "list"}).empty());
  profile_with_broken(world, "nothing", "never");
  CHECK(libraries_opened(world, {"plugin", "list"}).empty());
}

TEST_CASE("plugins: a stranger's backend is not opened unless somebody names it", "[integration]") {
  NEEDS_SANDBOXES();
  if (!can_trace()) {
    PADDOCK_SKIP("strace cannot trace here");
  }
  const World world;
  world.install_fixture("abacus", "abacus.so");
  CHECK(libraries_opened(world, {"run", "quickstart", "--", "true"}) ==
        std::set<std::string>{"libbaseline.so", "libbubblewrap.so"});
  const std::set<std::string> named{"libabacus.so", "libbaseline.so"};
  CHECK(libraries_opened(world, {"run", "--backend", "abacus", "quickstart", "--", "true"}, 125) ==
        named);
}

TEST_CASE("plugins: a stranger's plugin that hangs stops the launch and leaves nothing",
          "[integration][PL06]") {
  NEEDS_SANDBOXES();
  const World world;
  world.install_fixture("broken", "broken-sound.so");
  for (const std::string place : {"adjust", "attach"}) {
    CAPTURE(place);
    profile_with_broken(world, "hang", place);
    const Ran ran = world.run({"run", "odd", "--", "touch", "ran"});
    CHECK(ran.status == 125);
    CHECK(messages(ran).find("error[P0207]: plugin 'broken' does not answer '" + place +
                             "' within 10000 ms") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
    CHECK(world.run({"gc"}).status == 0);
    CHECK(residue(world).empty());
  }
}

TEST_CASE("plugins: an interrupt ends the call under way, and the launch", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    World world(user);
    world.install_fixture("broken", "broken-sound.so");
    const auto waiting = world.root() / "home/waiting";
    world.environment["PADDOCK_TEST_WAITING"] = waiting.string();
    for (const std::string place : {"adjust", "attach"}) {
      CAPTURE(user, place);
      profile_with_broken(world, "wait", place);
      std::filesystem::remove(waiting);
      Started started = world.start({"run", "odd", "--", "touch", "ran"});
      REQUIRE(eventually([&] { return std::filesystem::exists(waiting); }));
      started.kill(SIGINT);
      const Ran ran = started.wait();
      CHECK(ran.status == 125);
      CHECK(ran.err.find("error[P0703]: interrupted by the user\n  plugin 'broken', method '" +
                         place + "': given up") != std::string::npos);
      CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
      CHECK(eventually([&] { return residue(world).empty(); }));
    }
  }
}

TEST_CASE("plugins: a stranger's plugin that dies or lies stops the launch and leaves nothing",
          "[integration][PL05]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    const World world(user);
    world.install_fixture("broken", "broken-sound.so");
    for (const std::string wrong :
         {"segv", "exit", "abort", "overflow", "garbage", "unknown-status"}) {
      for (const std::string place :
           {"create", "require", "adjust", "review", "attach", "verify"}) {
        if (place == "create" && wrong == "garbage") {
          continue;  // create() answers with its status alone
        }
        CAPTURE(user, wrong, place);
        profile_with_broken(world, wrong, place);
        const Ran ran = world.run({"run", "odd", "--", "touch", "ran"});
        CHECK(ran.status == 125);
        CHECK(ran.err.find("plugin 'broken'") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
        CHECK(world.run({"gc"}).status == 0);
        CHECK(residue(world).empty());
      }
    }
  }
}

TEST_CASE("plugins: a hardener that fails to release is told, and keeps nothing from being cleared",
          "[integration][PL05]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    for (const std::string wrong : {"segv", "exit", "abort", "fail", "garbage"}) {
      CAPTURE(user, wrong);
      const World world(user);
      world.install_fixture("broken", "broken-sound.so");
      profile_with_broken(world, wrong, "release");
      const Ran ran = world.run({"run", "--name", "box", "odd", "--", "touch", "ran"});
      INFO(ran.err);
      CHECK(ran.status == 0);
      CHECK(std::filesystem::exists(world.project() / "ran"));
      CHECK(ran.err.find("plugin 'broken' releasing what it attached") != std::string::npos);
      CHECK(world.run({"ps", "--plain"}).out.find("box\tunreleased\t") == 0);
      CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"})
                .err.find("hint: `paddock gc` clears it away") != std::string::npos);
      const Ran gc = world.run({"gc"});
      CHECK(gc.status != 0);
      CHECK(gc.out == "cleared box\n");
      CHECK(gc.err.find("plugin 'broken' releasing what it attached") != std::string::npos);
      CHECK(world.run({"gc"}).out == "nothing to clear\n");
      CHECK(residue(world).empty());
    }
  }
}

TEST_CASE("plugins: a sandbox whose hardener was removed meanwhile is cleared", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  world.install_fixture("broken", "broken-sound.so");
  profile_with_broken(world, "nothing", "never");
  {
    const Started box = world.start({"run", "--name", "box", "odd", "--", "sleep", "1000"});
    REQUIRE(world.await_running("box"));
  }  // killed
  std::filesystem::remove_all(world.plugins() / "broken");
  const Ran stop = world.run({"stop", "box"});
  INFO(stop.err);
  CHECK(stop.status != 0);
  CHECK(stop.err.find("no plugin 'broken'") != std::string::npos);
  CHECK(std::count(stop.err.begin(), stop.err.end(), '\n') < 10);
  CHECK(world.run({"gc"}).status == 0);
  CHECK(residue(world).empty());
}

TEST_CASE("plugins: a finding for a protection that nobody asked for proves nothing",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  world.install_fixture("broken", "broken-sound.so");
  profile_with_broken(world, "nothing", "never");
  const Ran honest = world.run({"run", "-v", "odd", "--", "true"});
  profile_with_broken(world, "lie", "verify");
  const Ran ran = world.run({"run", "-v", "--name", "box", "odd", "--", "true"});
  REQUIRE(honest.status == 0);
  REQUIRE(ran.status == 0);
  const auto proved = [](const std::string& text) {
    const auto at = text.find("proved ");
    return text.substr(at, text.find(" in ", at) - at);
  };
  CHECK(proved(ran.err) == proved(honest.err));
  const std::string receipt = world.run({"receipt", "box", "--json"}).out;
  CHECK(receipt.find("rootfs.read-only") != std::string::npos);
  CHECK(receipt.find("magic") == std::string::npos);
  CHECK(receipt.find("trust me") == std::string::npos);
}

TEST_CASE("plugins: a backend that claims all and enforces nothing launches nothing",
          "[integration][PL05]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.install_liar_backend();
    const Ran ran =
        world.run({"run", "--backend", "liar-backend", "quickstart", "--", "touch", "ran"});
    CHECK(ran.status == 125);
    CHECK(ran.err.find("error[P0401]") != std::string::npos);
    CHECK(ran.err.find("rootfs.read-only") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
    CHECK(world.run({"gc"}).status == 0);
    CHECK(residue(world).empty());
    CHECK(world.run({"run", "quickstart", "--", "touch", "ran"}).status == 0);
    CHECK(std::filesystem::exists(world.project() / "ran"));
  }
}
