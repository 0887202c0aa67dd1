// `paddock plan` and `paddock run` say the same of one profile.
#include "integration/world.hpp"
#include "paddock/contract/json_value.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The errors alone: standard error of a plan holds nothing else.
void refused_alike(const World& world, const std::string& profile, const std::string& text) {
  const Ran plan = world.run({"plan", profile});
  CHECK(plan.status == 4);
  CHECK(plan.err == text);
  CHECK(has(plan.out, "CANNOT HOLD: "));
  CHECK(has(plan.out, "backend: bubblewrap "));
  CHECK(has(plan.out, ", which cannot run this plan\n"));
  for (const Ran& run : {world.run({"run", profile, "--", "true"}),
                         world.run({"run", "--dry-run", profile, "--", "true"})}) {
    CHECK(run.status == 125);
    CHECK(run.err == text);
  }
}

}  // namespace

TEST_CASE("plan: every leaf has the backend's answer, and a dry run prints the same",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran plan = world.run({"plan", "--json", "--name", "box", "quickstart"});
  INFO(plan.err);
  CHECK(plan.status == 0);
  const auto document = contract::parse_json(plan.out);
  REQUIRE(document);
  for (const contract::JsonValue& leaf : document->find("leaves")->items) {
    INFO(leaf.find("path")->text);
    REQUIRE(leaf.find("here")->type == contract::JsonType::kObject);
    CHECK_FALSE(leaf.find("here")->find("mechanism")->text.empty());
  }
  const Ran rehearsed = world.run({"run", "--dry-run", "--json", "--name", "box", "quickstart"});
  CHECK(rehearsed.status == 0);
  CHECK(rehearsed.out == plan.out);
  CHECK(residue(world).empty());
}

TEST_CASE("plan: what only another backend could do is refused as by a launch", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  world.profile("own", "extends = [\"quickstart\"]\n[image]\nreference = \"debian\"\n");
  const std::string file = (world.profiles() / "own.toml").string();
  std::string engines;
  for (const auto& [id, variable] :
       {std::pair{"docker", "DOCKER_HOST"}, {"podman", "CONTAINER_HOST"}}) {
    engines += std::string("paddock: error[P0501]: backend '") + id +
               "' cannot run here: no engine answers at '" +
               (world.root() / "no-engine.sock").string() +
               "'\n  hint: start it, or name its socket in " + variable + "\n";
  }
  const std::string none =
      "paddock: error[P0306]: no backend can run profile 'own' here\n"
      "  hint: `paddock doctor` shows what each backend can enforce on this machine\n";
  refused_alike(world, "own",
                none + file +
                    ":4:13: error[P0304]: backend 'bubblewrap' cannot enforce 'rootfs.image' here: "
                    "bubblewrap runs the host's own programs, not images\n"
                    "  asked for by '/rootfs/type' (profile, " +
                    file +
                    ":4:13)\n"
                    "  hint: leave image.reference out, or choose a backend that runs images\n" +
                    engines);
  world.profile("own", "extends = [\"quickstart\"]\n[network]\nmode = \"bridge\"\n");
  refused_alike(
      world, "own",
      none + file +
          ":4:8: error[P0304]: backend 'bubblewrap' cannot enforce 'network.bridge' here: "
          "bubblewrap has no network but loopback\n"
          "  asked for by '/network/mode' (profile, " +
          file +
          ":4:8)\n"
          "  hint: set network.mode to 'none', the only one here, or choose a backend with "
          "networks\n" +
          engines);
}

TEST_CASE("run: a limit that a shipped profile sets too high is no news, the user's own is",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const std::string more = " is more than this machine has: ";
  world.profile("own", "extends = [\"quickstart\"]\n[resources]\ncpus = 4000\n");
  const Ran own = world.run({"run", "own", "--", "true"});
  CHECK(own.status == 0);
  CHECK(has(own.err, "paddock: resources.cpus 4000" + more));
  CHECK(has(world.run({"plan", "own"}).out, "notice: resources.cpus 4000" + more));
  const Ran shipped = world.run({"run", "--name", "box", "quickstart", "--", "true"});
  CHECK(shipped.status == 0);
  CHECK_FALSE(has(shipped.err, more));
  if (has(world.run({"plan", "quickstart"}).out, more)) {  // a machine that is small enough
    CHECK(has(world.run({"run", "-v", "quickstart", "--", "true"}).err, more));
    CHECK(has(world.run({"receipt", "--json", "box"}).out, more));
  }
}

TEST_CASE("run --json: the result holds each protection's verdict, on standard error",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran ran = world.run({"run", "--json", "quickstart", "--", "sh", "-c", "echo out; exit 3"});
  CHECK(ran.status == 3);
  CHECK(ran.out == "out\n");
  const auto result = contract::parse_json(ran.err);
  REQUIRE(result);
  const auto& ledger = result->find("ledger")->items;
  CHECK(static_cast<std::int64_t>(ledger.size()) == result->find("protections")->integer);
  std::string start;
  for (const contract::JsonValue& entry : ledger) {
    CHECK_FALSE(entry.find("mechanism")->text.empty());
    if (entry.find("protection")->text == "process.start") {
      start = entry.find("verdict")->text + " " + entry.find("evidence")->text + " " +
              entry.find("mechanism")->text;
    }
  }
  CHECK(start == "ok reported gate");
}

TEST_CASE("receipt: holds every leaf of the plan with its answer", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  REQUIRE(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
  const auto receipt = contract::parse_json(world.run({"receipt", "--json", "box"}).out);
  const auto plan = contract::parse_json(world.run({"plan", "--json", "quickstart"}).out);
  REQUIRE(receipt);
  REQUIRE(plan);
  const auto& leaves = receipt->find("leaves")->items;
  CHECK(leaves.size() == plan->find("leaves")->items.size());
  for (const contract::JsonValue& leaf : leaves) {
    INFO(leaf.find("path")->text);
    CHECK_FALSE(leaf.find("answer")->find("mechanism")->text.empty());
  }
}
