// ps, exec, stop, verify, receipt, gc around a running sandbox.
#include <signal.h>

#include <algorithm>

#include "integration/world.hpp"
#include "paddock/contract/json_value.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

Started start_box(const World& world,
                  const std::string& name = "box",
                  const std::string& profile = "quickstart") {
  Started started = world.start({"run", "--name", name, profile, "--", "sh", "-c",
                                 "echo ready; sleep 1000; :", world.root().string()});
  REQUIRE(started.await_output("ready"));
  return started;
}

}  // namespace

TEST_CASE("ps: lists what runs and what ended", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(world.run({"ps"}).status == 0);
  CHECK(world.run({"ps", "--json"}).out == "{\"sandboxes\":[],\"schema\":\"paddock.ps/1\"}\n");
  CHECK(world.run({"run", "--name", "gone", "quickstart", "--", "sh", "-c", "exit 5"}).status == 5);
  const Started box = start_box(world);
  const Ran ps = world.run({"ps", "--plain"});
  CHECK(ps.out.rfind("box\trunning\tquickstart\tbubblewrap\t", 0) == 0);
  CHECK(ps.out.find("gone") == std::string::npos);
  CHECK(world.run({"ps", "--all", "--plain"}).out.find("gone\tended (5)\t") != std::string::npos);
  CHECK(world.run({"ps", "--json"}).out.find("\"phase\":\"running\"") != std::string::npos);
}

TEST_CASE("exec: runs in the sandbox under the same confinement", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.write(world.project() / "file", "from the project\n");
    const Started box = start_box(world);
    const Ran cat = world.run({"exec", "box", "cat", "file"});
    CHECK(cat.status == 0);
    CHECK(cat.out == "from the project\n");
    CHECK(messages(cat).empty());
    CHECK(world.run({"exec", "box", "--", "sh", "-c", "exit 9"}).status == 9);
    CHECK(world.run({"exec", "box", "no-such-command"}).status == 127);
    CHECK(world.run({"exec", "box", "cat"}, "piped\n").out == "piped\n");
    const std::string facts =
        "grep -E '^(Cap|NoNewPrivs|Uid|Gid|Groups|Seccomp|Umask)' /proc/self/status; hostname";
    CHECK(world.run({"exec", "box", "sh", "-c", facts}).out == world.shell(facts).out);
  }
}

TEST_CASE("exec: kill -9 of paddock ends the command, and the workload runs on", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    for (const bool init : {true, false}) {
      CAPTURE(user, init);
      const World world(user);
      world.profile("plain", std::string("extends = ['quickstart']\n[process]\ninit = ") +
                                 (init ? "true\n" : "false\n"));
      const Started box = world.start({"run", "--name", "box", "plain", "--", "sleep", "1000"});
      REQUIRE(world.await_running("box"));
      const auto sleeping = [&](const std::string& seconds) {
        const std::string list =
            "for p in /proc/[0-9]*; do tr '\\0' ' ' 2>/dev/null <$p/cmdline && echo; done";
        const Ran ran = world.run({"exec", "box", "--", "sh", "-c", list});
        return ran.status == 0 &&
               ("\n" + ran.out).find("\nsleep " + seconds + " \n") != std::string::npos;
      };
      Started entered = world.start(
          {"exec", "box", "--", "sh", "-c", "sleep 2000 & echo ready; exec sleep 3000"});
      REQUIRE(entered.await_output("ready"));
      REQUIRE(eventually([&] { return sleeping("2000") && sleeping("3000"); }));
      entered.kill(SIGKILL);
      CHECK(entered.await_exit(std::chrono::seconds(5)));
      CHECK(eventually([&] { return !sleeping("3000"); }, std::chrono::seconds(5)));
      // Without an init process of its own nobody is there to end what the command left behind.
      CHECK(eventually([&] { return sleeping("2000") == !init; }, std::chrono::seconds(5)));
      CHECK(sleeping("1000"));
    }
  }
}

TEST_CASE("exec: a sandbox that is not there is named, with the nearest", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Started box = start_box(world);
  const Ran ran = world.run({"exec", "bix", "true"});
  CHECK(ran.status == 125);
  CHECK(ran.err == "paddock: error[P0601]: no sandbox named 'bix'\n  hint: did you mean 'box'?\n");
  CHECK(world.run({"exec", "box"}).err ==
        "paddock: error[P0001]: 'paddock exec' needs COMMAND\n"
        "  hint: usage: paddock exec NAME [--] COMMAND...\n");
}

TEST_CASE("exec --json: one line on standard error tells the end and the proof", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Started box = start_box(world);
  const Ran ran = world.run({"exec", "--json", "box", "--", "sh", "-c", "echo out; exit 3"});
  CHECK(ran.status == 3);
  CHECK(ran.out == "out\n");
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  const auto result = paddock::contract::parse_json(ran.err);
  REQUIRE(result);
  CHECK(result->find("schema")->text == "paddock.exec/1");
  CHECK(result->find("name")->text == "box");
  CHECK(result->find("exit_status")->integer == 3);
  CHECK(result->find("proved")->integer > 0);
  CHECK(static_cast<std::int64_t>(result->find("ledger")->items.size()) ==
        result->find("protections")->integer);
  CHECK(world.run({"exec", "box", "--", "true"}).err.empty());
}

TEST_CASE("stop: asks, then kills after the grace, and nothing is left", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    Started box = start_box(world);
    const Ran stopped = world.run({"stop", "box"});
    CHECK(stopped.status == 0);
    CHECK(stopped.out == "box\n");
    CHECK(box.wait().status == 143);
    CHECK(residue(world).empty());

    Started deaf = world.start({"run", "--name", "deaf", "quickstart", "--", "sh", "-c",
                                "trap '' TERM; echo ready; while :; do sleep 0.1; done"});
    REQUIRE(deaf.await_output("ready"));
    CHECK(world.run({"stop", "--grace", "1", "deaf"}).status == 0);
    CHECK(deaf.wait().status == 137);
    CHECK(world.run({"stop", "deaf"}).status == 5);
  }
}

TEST_CASE("verify: proves a running sandbox once more", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const Started box = start_box(world);
    const Ran verified = world.run({"verify", "box"});
    INFO(verified.out << verified.err);
    CHECK(verified.status == 0);
    CHECK(verified.out.find("proved ") != std::string::npos);
    CHECK(world.run({"verify", "--json", "box"}).out.find("\"holds\":true") != std::string::npos);
    CHECK(world.run({"verify", "nobody"}).status == 5);
  }
}

TEST_CASE("receipt: is kept after the end and its digest is checked", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
  const Ran receipt = world.run({"receipt", "--json", "box"});
  CHECK(receipt.status == 0);
  CHECK(receipt.out.find("\"schema\":\"paddock.receipt/1\"") != std::string::npos);
  const Ran shown = world.run({"receipt", "box"});
  CHECK(shown.status == 0);
  CHECK(shown.out.find("no-new-privs") != std::string::npos);

  const auto file = world.state() / "ended/box/receipt.json";
  std::string text = read_text(file);
  text.replace(text.find("bubblewrap"), 10, "bubblegump");
  world.write(file, text);
  const Ran forged = world.run({"receipt", "box"});
  CHECK(forged.status == 1);
  CHECK(forged.err.find("error[P0604]") != std::string::npos);
}

TEST_CASE("receipt: at least the last twenty sandboxes that ended are kept", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  for (int i = 0; i < 41; ++i) {
    REQUIRE(
        world.run({"run", "--name", "n" + std::to_string(i), "quickstart", "--", "true"}).status ==
        0);
  }
  const Ran all = world.run({"ps", "--all", "--plain"});
  CHECK(std::count(all.out.begin(), all.out.end(), '\n') == 20);
  CHECK(all.out.find("n20\t") == std::string::npos);
  CHECK(all.out.find("n21\t") != std::string::npos);
}

TEST_CASE("gc: clears nothing that is not its own", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(world.run({"gc"}).out == "nothing to clear\n");
  const Started box = start_box(world);
  world.write(world.state() / "sandboxes/.hidden", "not a sandbox");
  world.write(world.state() / "notes.txt", "somebody's");
  CHECK(world.run({"gc"}).out == "nothing to clear\n");
  CHECK(world.run({"ps", "--plain"}).out.rfind("box\trunning", 0) == 0);
  CHECK(std::filesystem::exists(world.state() / "notes.txt"));
  CHECK(std::filesystem::exists(world.state() / "sandboxes/.hidden"));
}

TEST_CASE("gc: a damaged journal is told and kept", "[integration]") {
  const World world;
  world.write(world.state() / "sandboxes/torn/state.json", "{\"name\":");
  std::filesystem::permissions(world.state(), std::filesystem::perms::owner_all);
  std::filesystem::permissions(world.state() / "sandboxes", std::filesystem::perms::owner_all);
  const Ran gc = world.run({"gc"});
  CHECK(gc.status == 1);
  CHECK(gc.err.find("error[P0604]: a state file is damaged") != std::string::npos);
  CHECK(std::filesystem::exists(world.state() / "sandboxes/torn/state.json"));
}

TEST_CASE("run: a name is taken while it runs and free again after", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  {
    Started box = start_box(world);
    const Ran again = world.run({"run", "--name", "box", "quickstart", "--", "true"});
    CHECK(again.status == 125);
    CHECK(again.err ==
          "paddock: error[P0602]: a sandbox named 'box' exists\n  hint: `paddock stop box` ends "
          "it\n");
    CHECK(world.run({"stop", "box"}).status == 0);
  }
  CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
}

TEST_CASE("run: names that are options, paths or shell text are refused (PR07)", "[integration]") {
  const World world;
  for (const std::string& name :
       {std::string("../x"), std::string("$(id)"), std::string("a b"), std::string("A"),
        std::string("line\nbreak"), std::string(300, 'a'), std::string("x/../y")}) {
    const Ran ran = world.run({"run", "--name", name, "quickstart", "--", "true"});
    CAPTURE(name);
    CHECK(ran.status == 125);
    CHECK(ran.err.find("error[P0117]: bad sandbox name '") != std::string::npos);
    CHECK(ran.err.find("line\nbreak") == std::string::npos);
  }
}
