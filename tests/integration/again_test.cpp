// start, restart, reset, destroy, the restart policy, and a shell of one that runs.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "integration/background.hpp"
#include "integration/window.hpp"
#include "os/process.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

TEST_CASE("background: start runs it again, from its profile as it is then", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  world.profile("mine", "extends = [\"quickstart\"]\n[process]\nenv = { WHICH = \"first\" }\n");
  CHECK(world
            .run({"run", "-d", "--name", "box", "mine", "--", "sh", "-c",
                  "pwd; echo $WHICH; touch /tmp/x; ls /tmp"})
            .status == 0);
  CHECK(await_ended(world));
  world.profile("mine", "extends = [\"quickstart\"]\n[process]\nenv = { WHICH = \"second\" }\n");
  const Ran started = world.run({"start", "box"});
  CHECK(started.status == 0);
  CHECK(started.out == "box\n");
  CHECK(await_ended(world));
  CHECK(world.run({"logs", "box"}).out == "/workspace\nfirst\nx\n/workspace\nsecond\nx\n");
  CHECK(world.run({"start", "--attach", "box"}).status == 0);
  const Ran missing = world.run({"start", "bax"});
  CHECK(missing.status == 5);
  CHECK(missing.err.find("did you mean 'box'?") != std::string::npos);
}

TEST_CASE("background: start and restart of one that runs", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, "echo up; exec sleep 1000").status == 0);
  const Ran started = world.run({"start", "box"});
  CHECK(started.status == 4);
  CHECK(started.err.find("error[P0602]: sandbox 'box' has not ended: running") !=
        std::string::npos);
  CHECK(world.run({"restart", "--grace", "0", "box"}).status == 0);
  CHECK(eventually([&] { return world.run({"logs", "box"}).out == "up\nup\n"; }));
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
  CHECK(world.run({"restart", "box"}).status == 0);
  CHECK(eventually([&] { return world.run({"logs", "box"}).out == "up\nup\nup\n"; }));
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
  CHECK(eventually([&] { return residue(world).empty(); }));
}

TEST_CASE("background: a killed keeper takes the sandbox with it, and start brings it back",
          "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t uid : users()) {
    const World world(uid);
    CHECK(detach(world, "while :; do echo tick; sleep 0.1; done").status == 0);
    Started attached = world.start({"attach", "box"});
    REQUIRE(attached.await_output("tick"));
    const auto state = read_text(world.state() / "sandboxes/box/state.json");
    const auto at = state.find("\"host_pid\":") + 11;
    ::kill(std::stoi(state.substr(at)), SIGKILL);
    const Ran lost = attached.wait();
    CHECK(lost.status == 4);
    CHECK(lost.err.find("the process that kept sandbox 'box' is gone") != std::string::npos);
    CHECK(world.run({"start", "box"}).status == 0);
    CHECK(world.await_running("box"));
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    CHECK(eventually([&] { return residue(world).empty(); }));
  }
}

TEST_CASE("shell: a shell in a running sandbox", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, "exec sleep 1000").status == 0);
  const Ran piped = world.run({"shell", "box"}, "echo $((6 * 7)); exit 5\n");
  CHECK(piped.status == 5);
  CHECK(piped.out == "42\n");
  Window window(world, {"shell", "box"});
  window.type("echo 6x7=$((6 * 7)); exit 4\r");
  CHECK(window.wait() == 4);
  CHECK(window.screen().find("6x7=42") != std::string::npos);
  CHECK(world.run({"shell", "nonesuch"}).status == 125);
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
}

TEST_CASE("background: a restart policy runs it again, stop ends that", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t uid : users()) {
    const World world(uid);
    world.profile("keen", "extends = [\"quickstart\"]\n[background]\nrestart = \"on-failure\"\n");
    CHECK(world
              .run({"run", "-d", "--name", "box", "keen", "--", "sh", "-c",
                    "echo x >>count; test $(wc -l <count) = 3 && exec sleep 1000; exit 1"})
              .status == 0);
    CHECK(eventually([&] {
      std::error_code none;
      return std::filesystem::file_size(world.project() / "count", none) == 6;
    }));
    REQUIRE(world.await_running("box"));
    CHECK(world.run({"verify", "box"}).status == 0);
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    CHECK(is_listed(world, "box\tended (1"));
    CHECK(eventually([&] { return residue(world).empty(); }));
  }
}

TEST_CASE("background: on-failure accepts success, always does not", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  world.profile("keen", "extends = [\"quickstart\"]\n[background]\nrestart = \"on-failure\"\n");
  CHECK(world.run({"run", "-d", "--name", "box", "keen", "--", "true"}).status == 0);
  CHECK(await_ended(world));
  world.profile("keen", "extends = [\"quickstart\"]\n[background]\nrestart = \"always\"\n");
  CHECK(world.run({"start", "box"}).status == 0);
  CHECK(eventually([&] { return is_listed(world, "box\trestarting\t"); }));
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(is_listed(world, "box\tended (0)\t"));
  CHECK(eventually([&] { return residue(world).empty(); }));
}

TEST_CASE("background: a restart that is refused is told in the log", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  world.profile("keen", "extends = [\"quickstart\"]\n[background]\nrestart = \"always\"\n");
  CHECK(world.run({"run", "-d", "--name", "box", "keen", "--", "sleep", "1"}).status == 0);
  world.profile("keen", "extends = [\"quickstart\"]\nnonsense = 1\n");
  CHECK(await_ended(world));
  CHECK(is_listed(world, "box\tended (0)\t"));
  CHECK(world.run({"logs", "box"}).err.find("error[P0112]: unknown key 'nonsense'") !=
        std::string::npos);
}

TEST_CASE("reset: an empty log and a new sandbox, the workspace kept", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, "echo x >>kept; ls /tmp; touch /tmp/y; exec sleep 1000").status == 0);
  REQUIRE(world.await_running("box"));
  CHECK(world.run({"reset", "--grace", "0", "box"}).status == 0);
  CHECK(eventually([&] { return read_text(world.project() / "kept") == "x\nx\n"; }));
  CHECK(world.run({"logs", "box"}).out.empty());
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
}

TEST_CASE("destroy: everything of the sandbox, and the workspace if asked", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t uid : users()) {
    const World world(uid);
    CHECK(detach(world, "echo hello; exec sleep 1000").status == 0);
    const Ran unsure = world.run({"destroy", "box"});
    CHECK(unsure.status == 6);
    CHECK(unsure.err.find("error[P0605]: nobody is there to confirm it") != std::string::npos);
    CHECK(unsure.err.find("or with --yes") != std::string::npos);
    CHECK(world.await_running("box"));
    const Ran sure = world.run({"destroy", "--yes", "box"});
    CHECK(sure.status == 0);
    CHECK(sure.out == "box\n");
    CHECK(sure.err.find("it is stopped: running") != std::string::npos);
    CHECK(world.run({"ps", "--all", "--plain"}).out.empty());
    CHECK(world.run({"logs", "box"}).status == 5);
    CHECK(world.run({"destroy", "--yes", "box"}).status == 5);
    CHECK(std::filesystem::exists(world.project()));
    CHECK(eventually([&] { return residue(world).empty(); }));
  }
}

TEST_CASE("destroy: its name has to be typed", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, "true").status == 0);
  CHECK(await_ended(world));
  Window wrong(world, {"destroy", "box"});
  REQUIRE(wrong.await("type 'box' to go on:"));
  wrong.type("yes\r");
  CHECK(wrong.wait() == 6);
  CHECK(wrong.screen().find("not confirmed: nothing was changed") != std::string::npos);
  Window right(world, {"destroy", "box"});
  REQUIRE(right.await("type 'box' to go on:"));
  right.type("box\r");
  CHECK(right.wait() == 0);
  CHECK(world.run({"ps", "--all", "--plain"}).out.empty());
}

TEST_CASE("destroy: --workspace removes the folder, and no more than that", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const auto scratch = world.project() / "scratch";
  world.write(scratch / "file", "x");
  std::filesystem::create_symlink(world.home(), scratch / "link");
  world.write(world.home() / "precious", "x");
  world.profile("folder",
                "extends = [\"quickstart\"]\n[workspace]\nroot = \"" + scratch.string() + "\"\n");
  CHECK(world.run({"run", "-d", "--name", "one", "folder", "--", "sleep", "1000"}).status == 0);
  CHECK(world.run({"run", "-d", "--name", "two", "folder", "--", "true"}).status == 0);
  CHECK(eventually([&] { return is_listed(world, "two\tended"); }));
  const Ran shared = world.run({"destroy", "--yes", "--workspace", "two"});
  CHECK(shared.status == 4);
  CHECK(shared.err.find("is not removed: sandbox 'one' uses it") != std::string::npos);
  CHECK(world.run({"destroy", "--yes", "--workspace", "one"}).status == 0);
  CHECK_FALSE(std::filesystem::exists(scratch));
  CHECK(std::filesystem::exists(world.home() / "precious"));
  CHECK(world.run({"destroy", "--yes", "--workspace", "two"}).status == 0);
}
