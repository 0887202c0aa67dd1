// run --detach, attach, logs: a sandbox without a terminal to die with.
#include "integration/background.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "integration/window.hpp"
#include "os/process.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

TEST_CASE("background: run --detach returns once the command runs", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t uid : users()) {
    const World world(uid);
    const Ran ran = detach(world, "echo here; echo there >&2; cat; sleep 1000");
    CHECK(ran.status == 0);
    CHECK(ran.out == "box\n");
    CHECK(messages(ran).empty());
    CHECK(world.await_running("box"));
    REQUIRE(eventually([&] { return world.run({"logs", "box"}).out == "here\n"; }));
    CHECK(world.run({"logs", "box"}).err == "there\n");
    CHECK(world.run({"verify", "box"}).status == 0);
    CHECK(world.run({"exec", "box", "--", "echo", "in"}).out == "in\n");
    CHECK(world.run({"stop", "--grace", "1", "box"}).status == 0);
    CHECK(eventually([&] { return residue(world).empty(); }));
    CHECK(world.run({"logs", "box"}).out == "here\n");
    CHECK(world.run({"receipt", "box"}).status == 0);
  }
}

TEST_CASE("background: a launch that fails says so as in the foreground", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran missing = world.run({"run", "-d", "--name", "box", "quickstart", "--", "nonesuch"});
  CHECK(missing.status == 127);
  CHECK(missing.out.empty());
  CHECK(missing.err.find("error[P0705]") != std::string::npos);
  const Ran unknown = world.run({"run", "-d", "nonesuch", "--", "true"});
  CHECK(unknown.status == 125);
  CHECK(unknown.err.find("error[P0135]") != std::string::npos);
  CHECK(world.run({"ps", "--all", "--plain"}).out.empty());
  CHECK(eventually([&] { return residue(world).empty(); }));
}

TEST_CASE("background: --json tells the launch and its proof", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran ran = world.run({"run", "-d", "--json", "--name", "box", "quickstart", "--", "true"});
  CHECK(ran.status == 0);
  CHECK(ran.out.find(R"("schema":"paddock.run/1")") != std::string::npos);
  CHECK(ran.out.find(R"("name":"box")") != std::string::npos);
  CHECK(ran.out.find("\"ledger\"") != std::string::npos);
  CHECK(ran.out.find("exit_status") == std::string::npos);
  CHECK(await_ended(world));
}

TEST_CASE("background: it survives the terminal that started it", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world, {"run", "-d", "--name", "box", "quickstart", "--", "sh", "-c",
                        "echo up; sleep 3; echo still; sleep 1000"});
  CHECK(window.wait() == 0);
  CHECK(window.screen().find("box\r\n") != std::string::npos);
  window.close();
  CHECK(eventually([&] { return world.run({"logs", "box"}).out == "up\nstill\n"; }));
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
  CHECK(eventually([&] { return residue(world).empty(); }));
}

TEST_CASE("background: nothing of the caller's stays open", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  // The pipes of start() would keep its wait() from returning, a folder could not be unmounted.
  const Ran ran = detach(world, "sleep 1000");
  CHECK(ran.status == 0);
  for (const pid_t pid : processes_with(world.root().string())) {
    const auto folder = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/cwd");
    CHECK(folder != world.project());
  }
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
}

TEST_CASE("background: the exit status, and the end in the list", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, "exit 7").status == 0);
  CHECK(await_ended(world));
  CHECK(is_listed(world, "box\tended (7)\t"));
  CHECK(eventually([&] { return residue(world).empty(); }));
}

TEST_CASE("background: --rm leaves no trace", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, "echo x", {"--rm"}).status == 0);
  CHECK(await_ended(world));
  CHECK(world.run({"run", "--rm", "--name", "front", "quickstart", "--", "true"}).status == 0);
  CHECK(world.run({"ps", "--all", "--plain"}).out.empty());
  CHECK(world.run({"logs", "box"}).status == 5);
  for (const char* folder : {"sandboxes", "logs"}) {
    CHECK(std::filesystem::is_empty(world.state() / folder));
  }
}

TEST_CASE("background: attach sees, types, and gets the exit status", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t uid : users()) {
    const World world(uid);
    CHECK(detach(world, "cat; echo oops >&2; exit 3", {"--interactive"}).status == 0);
    Started attached = world.start({"attach", "box"});
    attached.write("hello\n");
    CHECK(attached.await_output("hello\n"));
    attached.close_input();
    const Ran ran = attached.wait();
    CHECK(ran.status == 3);
    CHECK(ran.out == "hello\n");
    CHECK(ran.err == "oops\n");
    CHECK(world.run({"logs", "box"}).out == "hello\n");
    CHECK(eventually([&] { return residue(world).empty(); }));
  }
}

TEST_CASE("background: attach is binary-safe, both ways", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  std::string bytes;
  for (int i = 0; i < (1 << 20); ++i) {
    bytes.push_back(static_cast<char>(i * 7 + i / 251));
  }
  CHECK(detach(world, "cat", {"-i"}).status == 0);
  const Ran ran = world.run({"attach", "box"}, bytes);
  CHECK(ran.status == 0);
  CHECK(ran.out == bytes);
  CHECK(world.run({"logs", "box"}).out == bytes);
}

TEST_CASE("background: attach passes signals on, and leaves at the end of its terminal",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world,
               "trap 'echo usr' USR1; trap 'exit 9' INT; while :; do echo tick; sleep 0.1; done")
            .status == 0);
  Started first = world.start({"attach", "box"});
  REQUIRE(first.await_output("tick\n"));
  first.kill(SIGUSR1);
  CHECK(first.await_output("usr\n"));
  first.kill(SIGHUP);
  const Ran left = first.wait();
  CHECK(left.status == 0);
  CHECK(left.err.ends_with("paddock: left 'box', which runs on\n"));
  Started second = world.start({"attach", "box"});
  REQUIRE(second.await_output("tick\n"));
  second.kill(SIGUSR1);
  CHECK(second.await_output("usr\n"));
  second.kill(SIGINT);
  CHECK(second.wait().status == 9);
}

TEST_CASE("background: a terminal of its own, detach keys, another window", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, "while read -r line; do test -t 1 && stty size; echo \"<$line>\"; done",
               {"--tty"})
            .status == 0);
  {
    Window window(world, {"attach", "box"});
    // The size arrives by itself, before or after the line.
    const auto await_size = [&](const std::string& size, const std::string& line) {
      return eventually([&] {
        window.type(line + "\r");
        return window.await("<" + line + ">") && window.screen().find(size) != std::string::npos;
      });
    };
    CHECK(await_size("33 77", "one"));
    window.resize(44, 99);
    CHECK(await_size("44 99", "two"));
    CHECK(world.run({"verify", "box"}).status == 0);
    CHECK(world.run({"exec", "box", "--", "echo", "in"}).out == "in\n");
    window.type("\x10\x11");
    CHECK(window.wait() == 0);
    CHECK(window.screen().find("paddock: left 'box', which runs on") != std::string::npos);
    CHECK(window.restored());
  }
  Window again(world, {"attach", "--detach-keys", "ctrl-x", "box"});
  again.type("three\r");
  CHECK(again.await("<three>"));
  again.type("\x18");
  CHECK(again.wait() == 0);
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
}

TEST_CASE("background: attach and logs tell why not", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran none = world.run({"attach", "box"});
  CHECK(none.status == 5);
  CHECK(none.err.find("error[P0601]: no sandbox named 'box'") != std::string::npos);
  Started front = world.start({"run", "--name", "front", "quickstart", "--", "sleep", "1000"});
  REQUIRE(world.await_running("front"));
  const Ran attached = world.run({"attach", "front"});
  CHECK(attached.status == 5);
  CHECK(attached.err.find("error[P0603]: sandbox 'front' runs in the foreground of process " +
                          std::to_string(front.pid())) != std::string::npos);
  const Ran logs = world.run({"logs", "front"});
  CHECK(logs.status == 5);
  CHECK(logs.err.find("has no log: it did not run in the background") != std::string::npos);
  const Ran keys = world.run({"attach", "--detach-keys", "up", "front"});
  CHECK(keys.status == 2);
  CHECK(keys.err.find("bad detach keys 'up'") != std::string::npos);
  const Ran restarted = world.run({"restart", "front"});
  CHECK(restarted.status == 2);
  CHECK(restarted.err.find("runs in the foreground of process") != std::string::npos);
  const Ran options = world.run({"run", "--tty", "quickstart", "--", "true"});
  CHECK(options.status == 125);
  CHECK(options.err.find("option '--tty' goes with '--detach'") != std::string::npos);
}

TEST_CASE("background: logs follows to the end", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, "for i in 1 2 3 4 5; do echo $i; sleep 0.2; done; printf end").status == 0);
  CHECK(world.run({"logs", "--follow", "box"}).out == "1\n2\n3\n4\n5\nend");
  CHECK(world.run({"logs", "--tail", "2", "box"}).out == "5\nend");
  CHECK(world.run({"logs", "--since", "1h", "box"}).out == "1\n2\n3\n4\n5\nend");
  CHECK(world.run({"logs", "--until", "1h", "box"}).out.empty());
  const Ran stamped = world.run({"logs", "-t", "--tail", "1", "box"});
  CHECK(stamped.out.find("Z end") == std::string("2026-11-27T17:10:00.123456789").size());
  const Ran json = world.run({"logs", "--json", "--tail", "1", "box"});
  CHECK(json.out.find(R"("stream":"stdout")") != std::string::npos);
  CHECK(json.out.find(R"("text":"end")") != std::string::npos);
  const Ran bad = world.run({"logs", "--since", "soon", "box"});
  CHECK(bad.status == 2);
  CHECK(bad.err.find("'soon' is no point in time") != std::string::npos);
  CHECK(world.run({"logs", "--tail", "x", "box"}).err.find("option '--tail' takes a number") !=
        std::string::npos);
}

TEST_CASE("background: a terminal is safe from what is in a log", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(detach(world, R"(printf 'a\033]0;title\007\tb\r\n')").status == 0);
  CHECK(await_ended(world));
  CHECK(world.run({"logs", "box"}).out == "a\x1b]0;title\a\tb\r\n");
  Window window(world, {"logs", "box"});
  CHECK(window.wait() == 0);
  CHECK(window.screen().find("a\\x1b]0;title\\x07\tb\r\n") != std::string::npos);
  Window raw(world, {"logs", "--raw", "box"});
  CHECK(raw.wait() == 0);
  CHECK(raw.screen().find("a\x1b]0;title\a") != std::string::npos);
}

TEST_CASE("background: Ctrl-C while it comes up takes it back", "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  world.program = std::filesystem::path(PADDOCK_BUILD_DIR) / "bin/paddock-faulty";
  world.environment["PADDOCK_TEST_PAUSE"] = "create";
  Window window(world, {"run", "-d", "--name", "box", "quickstart", "--", "sleep", "1000"});
  REQUIRE(window.await("paused"));
  window.type("\x03");
  CHECK(window.wait() == 125);
  CHECK(window.screen().find("interrupted by signal 2") != std::string::npos);
  CHECK(eventually([&] { return residue(world).empty(); }));
}

TEST_CASE("background: a profile bounds its log, another's may not widen", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  world.profile("terse", "extends = [\"quickstart\"]\n[background]\nlog_size = \"1MiB\"\n");
  CHECK(world.run({"run", "-d", "--name", "box", "terse", "--", "sh", "-c", "seq 200000"}).status ==
        0);
  CHECK(await_ended(world));
  const Ran logs = world.run({"logs", "box"});
  CHECK(logs.out.size() < (1 << 20));
  CHECK(logs.out.ends_with("199999\n200000\n"));
  world.write(world.project() / "p.toml",
              "schema_version = 1\nextends = [\"quickstart\"]\n[background]\nlog_size = "
              "\"1GiB\"\nrestart = \"always\"\n");
  const Ran widened = world.run({"run", "-d", "./p.toml", "--", "true"});
  CHECK(widened.status == 125);
  CHECK(widened.err.find("'background.log_size'") != std::string::npos);
  CHECK(widened.err.find("'background.restart'") != std::string::npos);
}
