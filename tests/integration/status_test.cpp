// paddock run: exit statuses, arguments and streams.
#include <unistd.h>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

TEST_CASE("run: the command's own exit status is passed through", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    const World world(user);
    CAPTURE(user);
    for (const int status : {0, 1, 3, 125, 255}) {
      const Ran ran = world.shell("exit " + std::to_string(status));
      CHECK(ran.status == status);
      CHECK(messages(ran).empty());
    }
    CHECK(world.run({"run", "quickstart", "true"}).status == 0);
    CHECK(world.run({"launch", "quickstart", "false"}).status == 1);
  }
}

TEST_CASE("run: a signal's end is 128 and its number", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(world.shell("kill -TERM $$").status == 143);
  CHECK(world.shell("kill -KILL $$").status == 137);
}

TEST_CASE("run: a command that is not there is 127, one that cannot be executed 126",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran missing = world.run({"run", "quickstart", "--", "no-such-command"});
  CHECK(missing.status == 127);
  CHECK(missing.err.find("error[P0705]") != std::string::npos);
  world.write(world.project() / "plain.txt", "text\n");
  const Ran plain = world.run({"run", "quickstart", "--", "./plain.txt"});
  CHECK(plain.status == 126);
  CHECK(plain.err.find("error[P0704]") != std::string::npos);
  CHECK(residue(world).empty());
}

TEST_CASE("run: paddock's own failures are 125 and run nothing", "[integration]") {
  const World world;
  const Ran option = world.run({"run", "--bad", "quickstart", "--", "touch", "ran"});
  CHECK(option.status == 125);
  const Ran profile = world.run({"run", "no-such-profile", "--", "touch", "ran"});
  CHECK(profile.status == 125);
  CHECK(profile.err.find("error[P0135]") != std::string::npos);
  const Ran backend = world.run({"run", "--backend", "nope", "quickstart", "--", "touch", "ran"});
  CHECK(backend.status == 125);
  CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
}

TEST_CASE("run: with --json a failure is one JSON line with the table's status", "[integration]") {
  const World world;
  const Ran ran = world.run({"run", "--json", "no-such-profile", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(ran.out.empty());
  CHECK(ran.err.rfind("{\"schema\":\"paddock.error/1\"", 0) == 0);
  CHECK(ran.err.find("\"exit_status\":5") != std::string::npos);
  CHECK(ran.err.find('\n') == ran.err.size() - 1);
}

TEST_CASE("run: arguments arrive verbatim", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran ran = world.run({"run", "quickstart", "printf", "<%s>", "", " a  b ", "--json", "--",
                             "$(id)", "*", "-n", "line\nbreak", "--name=x"});
  CHECK(ran.status == 0);
  CHECK(ran.out == "<>< a  b ><--json><--><$(id)><*><-n><line\nbreak><--name=x>");
}

TEST_CASE("run: streams are binary safe, separate and closed at their end", "[integration]") {
  NEEDS_SANDBOXES();
  std::string bytes;
  for (int i = 0; i < 300000; ++i) {
    bytes.push_back(static_cast<char>((i * 7 + i / 256) & 0xff));
  }
  for (const uid_t user : users()) {
    const World world(user);
    CHECK(world.run({"run", "quickstart", "cat"}, bytes).out == bytes);
    const Ran both = world.shell("echo out; echo err >&2");
    CHECK(both.out == "out\n");
    CHECK(messages(both) == "err\n");
  }
}

TEST_CASE("run: a closed standard output ends the command by SIGPIPE as anywhere",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Started yes = world.start({"run", "quickstart", "--", "yes"});
  REQUIRE(yes.await_output("y\n"));
  yes.close_output();
  CHECK(yes.wait().status == 141);
}

TEST_CASE("run: works with every standard stream closed", "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  world.in_child = [] {
    ::close(0);
    ::close(1);
    ::close(2);
  };
  CHECK(world.shell("test -e /workspace && touch done").status == 0);
  CHECK(std::filesystem::exists(world.project() / "done"));
}

TEST_CASE("run: nothing of the caller's environment is inherited", "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  world.environment["SECRET_TOKEN"] = "hunter2";
  const Ran ran = world.run({"run", "quickstart", "env"});
  CHECK(ran.status == 0);
  CHECK(ran.out.find("hunter2") == std::string::npos);
  CHECK(ran.out.find("PATH=") != std::string::npos);
}

TEST_CASE("run: --set narrows and may not widen", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  CHECK(world.run({"run", "--set", "process.umask=0077", "quickstart", "--", "sh", "-c", "umask"})
            .out == "0077\n");
  const Ran wider = world.run({"run", "--set", "network.mode=bridge", "quickstart", "--", "true"});
  CHECK(wider.status == 125);
}

TEST_CASE("run: --dry-run leaves no trace", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran ran = world.run({"run", "--dry-run", "quickstart", "--", "touch", "ran"});
  CHECK(ran.status == 0);
  CHECK(ran.out.find("Nothing was changed.") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
  CHECK_FALSE(std::filesystem::exists(world.state()));
}

TEST_CASE("run: the proof is announced with -v, --ledger and --timings", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran ran =
      world.run({"run", "-v", "--ledger", "--timings", "quickstart", "--", "echo", "hello"});
  CHECK(ran.status == 0);
  CHECK(ran.out == "hello\n");
  CHECK(ran.err.find("proved ") != std::string::npos);
  CHECK(ran.err.find("no-new-privs") != std::string::npos);
  CHECK(ran.err.find("to the first instruction") != std::string::npos);
}
