// A network of one's own that nothing may leave, where there is no engine.
#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kIsolated = "extends = [\"quickstart\"]\n[network]\nmode = \"isolated\"\n";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("bubblewrap: an isolated network that nothing leaves is proved to be loopback alone",
          "[integration][network]") {
  NEEDS_SANDBOXES();
  for (const uid_t uid : users()) {
    CAPTURE(uid);
    World world(uid);
    world.profile("isolated", kIsolated);
    Started box = world.start({"run", "--ledger", "--backend", "bubblewrap", "--name", "box",
                               "isolated", "--", "sh", "-c",
                               "tail -n +3 /proc/net/dev | cut -d: -f1; echo ready; read line"});
    REQUIRE(box.await_output("ready"));
    const Ran verify = world.run({"verify", "box"});
    CAPTURE(verify.out, verify.err);
    CHECK(verify.status == 0);
    CHECK(has(verify.out, "network.isolated"));
    CHECK(has(verify.out, "egress.none"));
    box.close_input();
    const Ran ran = box.wait();
    CAPTURE(ran.out, ran.err);
    CHECK(has(ran.out, "lo\nready\n"));
    CHECK(ran.out.find('\n') + 7 == ran.out.size());
    for (const char* protection : {"network.isolated ", "egress.none "}) {
      CHECK(has(ran.err, protection));
    }
    CHECK(has(ran.err, "bwrap --unshare-net\n"));
  }
}

TEST_CASE("bubblewrap: has no network that leads out, and says so", "[integration][network]") {
  NEEDS_SANDBOXES();
  World world;
  world.profile("out", std::string(kIsolated) + "egress = \"unrestricted\"\n");
  const Ran ran = world.run({"run", "--backend", "bubblewrap", "out", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(has(ran.err,
            "backend 'bubblewrap' cannot enforce 'egress.unrestricted' here: bubblewrap has no "
            "network but loopback\n"));
  CHECK(has(ran.err,
            "hint: leave network.egress at 'none' and publish nothing, or choose a backend with "
            "networks\n"));
}
