// Published ports on real engines, reached from the engine's own network namespace.
#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void furnish(const TestEngine& engine, World& world) {
  engine.use(world);
  world.profile("served",
                "extends = [\"quickstart\"]\n[network]\nmode = \"isolated\"\n"
                "egress = \"unrestricted\"\npublish = [\"7171:80\", \"7172:81/udp\"]\n");
}

/// Answers every connection at port 80 of the sandbox, which needs no privilege in a network of its
/// own.
Started serve(const World& world, const std::string& name) {
  world.write(world.project() / "serve.py",
              "import socket\n"
              "s = socket.socket()\n"
              "s.bind(('0.0.0.0', 80))\n"
              "s.listen()\n"
              "print('ready', flush=True)\n"
              "while True:\n"
              "    c = s.accept()[0]\n"
              "    c.sendall(b'from inside\\n')\n"
              "    c.close()\n");
  Started started =
      world.start({"run", "--name", name, "served", "--", "/usr/bin/python3", "serve.py"});
  REQUIRE(started.await_output("ready"));
  return started;
}

/// What is read from a port, in the engine's namespace.
Ran read_port(const TestEngine& engine, const std::string& address) {
  World world;
  world.program = "/bin/bash";
  engine.enter_network(world);
  return world.run({"-c", "exec 3<>/dev/tcp/" + address + "/7171 && head -n 1 <&3"});
}

}  // namespace

TEST_CASE("engine: a published port leads in, at its own address alone", "[engine][network]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    furnish(engine, world);
    Started box = serve(world, "box");
    const Ran inside = read_port(engine, "127.0.0.1");
    CAPTURE(inside.err);
    CHECK(inside.out == "from inside\n");
    CHECK(read_port(engine, "127.0.0.2").status != 0);
    const Ran verify = world.run({"verify", "box"});
    CHECK(has(verify.out, "network.published"));
    CHECK(world.run({"stop", "box"}).status == 0);
    box.wait();
    CHECK(read_port(engine, "127.0.0.1").status != 0);
    CHECK(engine.networks().empty());
  }
}

TEST_CASE("engine: a port that is taken is told, and nothing is left", "[engine][network]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    furnish(engine, world);
    Started box = serve(world, "box");
    const Ran second = world.run({"run", "served", "--", "echo", "ran"});
    CAPTURE(second.err);
    CHECK(second.status == 125);
    CHECK(second.out.empty());
    CHECK((has(second.err, "error[P0502]: port 127.0.0.1:7171/tcp is taken\n") ||
           has(second.err, "error[P0502]: port 127.0.0.1:7172/udp is taken\n")));
    CHECK(has(second.err, "hint: publish another port of the host, or stop what listens there"));
    CHECK(world.run({"stop", "box"}).status == 0);
    box.wait();
    CHECK(eventually([&] { return world.run({"gc"}).status == 0; }));
    CHECK(engine.containers().empty());
    CHECK(engine.networks().empty());
  }
}
