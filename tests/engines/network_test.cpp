// Networks of a sandbox's own on real engines: what they reach, what becomes of them.
#include <signal.h>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kIsolated = "extends = [\"quickstart\"]\n[network]\nmode = \"isolated\"\n";
constexpr const char* kOut =
    "extends = [\"quickstart\"]\n[network]\nmode = \"isolated\"\negress = \"unrestricted\"\n";

/// Of the machine, as an ordinary user's engine sees it.
constexpr const char* kOutside = "198.51.100.1";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A world with both profiles, and the script that knocks in its project.
void furnish(const TestEngine& engine, World& world) {
  engine.use(world);
  world.profile("isolated", kIsolated);
  world.profile("out", kOut);
  world.write(world.project() / "knock.py",
              read_text(PADDOCK_SOURCE_DIR "/tests/engines/knock.py"));
}

/// Something that listens on every address of the engine's network namespace.
class Listener {
 public:
  Listener(const TestEngine& engine, const std::string& port) : process_(start(engine, port)) {
    REQUIRE(process_.await_output("ready"));
  }
  /// What has arrived until now.
  std::string end() {
    process_.kill(SIGTERM);
    return process_.wait().out;
  }

 private:
  Started start(const TestEngine& engine, const std::string& port) {
    world_.program = "/usr/bin/python3";
    engine.enter_network(world_);
    return world_.start({PADDOCK_SOURCE_DIR "/tests/engines/knock.py", "listen", port});
  }
  World world_;
  Started process_;
};

Ran knock(const World& world, const std::string& profile) {
  return world.run(
      {"run", profile, "--", "/usr/bin/python3", "knock.py", "knock", "eth0", "7070", kOutside});
}

}  // namespace

TEST_CASE("engine: egress 'none' reaches nothing, by no way, and 'unrestricted' the host",
          "[engine][network]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    furnish(engine, world);
    Listener control(engine, "7070");
    const Ran open = knock(world, "out");
    CAPTURE(open.out, open.err);
    CHECK(has(open.out, "reached tcp"));
    CHECK(has(open.out, "knocked"));
    const std::string arrived = control.end();
    CHECK(has(arrived, "tcp"));
    CHECK(has(arrived, "udp"));
    CHECK(has(open.out, "reached resolver") == (engine.id == "docker"));

    Listener listener(engine, "7070");
    const Ran closed = knock(world, "isolated");
    CAPTURE(closed.err);
    CHECK(closed.status == 0);
    CHECK(closed.out == "knocked\n");
    CHECK(listener.end() == "ready\n");
    CHECK(engine.networks().empty());
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("docker: egress 'none' leads to no resolver, by no device", "[engine][network]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    if (engine.id != "docker") {
      continue;
    }
    World world;
    furnish(engine, world);
    const std::size_t before = read_text(engine.folder() / "log").size();
    world.run({"run", "isolated", "--", "/usr/bin/python3", "knock.py", "ask", "lo"});
    CHECK_FALSE(eventually(
        [&] { return has(read_text(engine.folder() / "log").substr(before), "[resolver]"); },
        std::chrono::seconds(5)));
  }
}

TEST_CASE("engine: an isolated network is in the ledger, proved, and proved again",
          "[engine][network]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    furnish(engine, world);
    for (const std::string profile : {"isolated", "out"}) {
      CAPTURE(profile);
      Started box = world.start({"run", "--ledger", "--name", "box", profile, "--", "sh", "-c",
                                 "echo ready; sleep 1000; :"});
      REQUIRE(box.await_output("ready"));
      REQUIRE(engine.networks().size() == (profile == "out" ? 1 : 0));
      CHECK((profile != "out" || engine.networks().front().rfind("paddock-box-", 0) == 0));
      const Ran verify = world.run({"verify", "box"});
      CAPTURE(verify.out, verify.err);
      CHECK(verify.status == 0);
      CHECK(has(verify.out, "network.isolated"));
      CHECK(has(verify.out, profile == "out" ? "egress.unrestricted" : "egress.none"));
      CHECK(world.run({"exec", "box", "--", "sh", "-c", "ls /sys/class/net; true"}).status == 0);
      CHECK(world.run({"stop", "box"}).status == 0);
      CHECK(box.wait().status == 143);
      CHECK(engine.networks().empty());
    }
  }
}

TEST_CASE("engine: two sandboxes have a network each", "[engine][network]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    furnish(engine, world);
    Started one =
        world.start({"run", "--name", "one", "out", "--", "sh", "-c", "echo ready; sleep 1000; :"});
    Started two =
        world.start({"run", "--name", "two", "out", "--", "sh", "-c", "echo ready; sleep 1000; :"});
    REQUIRE(one.await_output("ready"));
    REQUIRE(two.await_output("ready"));
    CHECK(engine.networks().size() == 2);
    CHECK(world.run({"stop", "one", "two"}).status == 0);
    one.wait();
    two.wait();
    CHECK(engine.networks().empty());
  }
}

TEST_CASE("engine: names are resolved by the host's own servers, where there is a way out",
          "[engine][network]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    furnish(engine, world);
    CHECK(has(world.shell("cat /etc/hosts", "isolated").out, "127.0.0.1 localhost\n"));
    CHECK(world.shell("cat /etc/hostname", "isolated").out == "sandbox\n");
    const std::string inside = world.shell("cat /etc/resolv.conf", "out").out;
    CHECK_FALSE(has(inside, "127.0.0."));
    CHECK(world.shell("grep -c nameserver /etc/resolv.conf", "isolated").out != "1\n");
  }
}

TEST_CASE("engine: kill -9 with a network, then gc: nothing of it is left, all else is",
          "[engine][network][fault]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    furnish(engine, world);
    engine.ask("POST", "/v1.41/networks/create",
               R"({"Name":"paddock-other","Driver":"bridge","Internal":true})");
    for (const std::string step : {"journal", "create", "prove", "release"}) {
      CAPTURE(step);
      world.program = std::string(PADDOCK_BUILD_DIR) + "/bin/paddock-faulty";
      world.environment["PADDOCK_TEST_FAULT"] = step;
      CHECK(world.run({"run", "--name", "box", "out", "--", "true"}).status == 137);
      world.environment.erase("PADDOCK_TEST_FAULT");
      CHECK(eventually([&] { return world.run({"gc"}).status == 0; }));
      CHECK(engine.containers().empty());
      CHECK(engine.networks() == std::vector<std::string>{"paddock-other"});
    }
    engine.ask("DELETE", "/v1.41/networks/paddock-other");
  }
}
