// paddock inspect and stats: looking at real sandboxes.
#include <signal.h>

#include <regex>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

/// The number of "key":NUMBER in a JSON text; -1 where there is none.
double number_in(const std::string& json, const std::string& key) {
  std::smatch found;
  const std::regex pattern("\"" + key + "\":([0-9.]+)");
  return std::regex_search(json, found, pattern) ? std::stod(found[1]) : -1;
}

Started start_box(const World& world, const std::string& script) {
  Started box = world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c", script});
  REQUIRE(world.await_running("box"));
  return box;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("inspect: a running sandbox with all that is known of it", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    Started box = start_box(world, "sleep 61 & exec sleep 62");
    Started entered = world.start({"exec", "box", "--", "sleep", "63"});
    REQUIRE(eventually([&] { return holds(world.run({"inspect", "box"}).out, "sleep 63"); }));
    const Ran ran = world.run({"inspect", "box"});
    CHECK(ran.status == 0);
    for (const char* part : {"status      running", "sleep 61", "sleep 62", "no-new-privs",
                             "/workspace", "TARGET", "LIMIT", "PROTECTION"}) {
      CAPTURE(part);
      CHECK(holds(ran.out, part));
    }
    CHECK(holds(ran.out, world.project().string()));
    CHECK_FALSE(holds(ran.out, "inspect\n"));  // no process of the host's
    const std::string json = world.run({"inspect", "--json", "box"}).out;
    CHECK(holds(json, "\"schema\":\"paddock.inspect/1\""));
    CHECK(holds(json, "\"status\":\"running\""));
    CHECK(holds(json, "\"protection\":\"no-new-privs\",\"verdict\":\"holds\""));
    CHECK(number_in(json, "memory_bytes") > 0);
    CHECK(holds(world.run({"inspect", "--plain", "box"}).out, "fact\tname\tbox\n"));
  }
}

TEST_CASE("inspect: one that ended is told from its receipt", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  REQUIRE(world.run({"run", "--name", "box", "quickstart", "--", "sh", "-c", "exit 7"}).status ==
          7);
  const Ran ran = world.run({"inspect", "box"});
  CHECK(ran.status == 0);
  CHECK(holds(ran.out, "status      ended (7)"));
  CHECK(holds(ran.out, "/workspace"));
  CHECK(holds(ran.out, world.project().string()));
  CHECK_FALSE(holds(ran.out, "PID "));
  CHECK(holds(world.run({"inspect", "--json", "box"}).out, "\"exit_status\":7"));
}

TEST_CASE("inspect: an unknown name, and a receipt that was changed, are errors",
          "[integration][error]") {
  NEEDS_SANDBOXES();
  const World world;
  REQUIRE(world.run({"run", "--name", "box", "quickstart", "true"}).status == 0);
  const Ran unknown = world.run({"inspect", "bix"});
  CHECK(unknown.status == 5);
  CHECK(unknown.err ==
        "paddock: error[P0601]: no sandbox named 'bix'\n  hint: `paddock ps --all` lists them\n");
  world.write(world.state() / "ended/box/receipt.json", "{\"schema\":\"paddock.receipt/1\"}");
  const Ran changed = world.run({"inspect", "box"});
  CHECK(changed.status == 1);
  CHECK(changed.err == "paddock: error[P0604]: the receipt does not match its digest\n");
}

TEST_CASE("inspect: what a process calls itself cannot command a terminal", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Started box =
      start_box(world, "exec bash -c 'exec -a \"$(printf \"\\033]0;owned\\007\")\" sleep 60'");
  const std::string text = world.run({"inspect", "box"}).out;
  CHECK_FALSE(holds(text, "\x1b"));
  CHECK_FALSE(holds(text, "\x07"));
}

TEST_CASE("stats: memory grows as the work takes it, and a busy loop fills a CPU",
          "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    Started box = start_box(world,
                            "read go; exec awk 'BEGIN { for (x = \"x\"; length(x) < 40000000;) "
                            "x = x x; print \"full\"; fflush(); while (1) y++ }'");
    const std::string before = world.run({"stats", "--once", "--json", "box"}).out;
    box.write("go\n");
    REQUIRE(box.await_output("full"));
    const std::string after = world.run({"stats", "--once", "--json", "box"}).out;
    CAPTURE(before, after);
    CHECK(number_in(before, "memory_bytes") >= 0);
    CHECK(number_in(before, "cpu_percent") < 20);
    CHECK(number_in(after, "memory_bytes") - number_in(before, "memory_bytes") > 35e6);
    CHECK(number_in(after, "cpu_percent") > 15);  // this machine may be busy with others
    CHECK(number_in(after, "cpu_percent") < 115);
    CHECK(number_in(after, "tasks") >= 2);
    const Ran table = world.run({"stats", "--once", "box"});
    CHECK(holds(table.out, "NAME  STATUS   CPU"));
    CHECK((holds(table.out, "/proc") || holds(table.out, "cgroup")));
  }
}

TEST_CASE("stats: --json goes on until it is ended or the sandbox is", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Started box = start_box(world, "sleep 60");
  Started stats = world.start({"stats", "--json", "--interval", "0.1", "box"});
  REQUIRE(stats.await_output("\"cpu_percent\""));
  REQUIRE(world.run({"stop", "--grace", "0", "box"}).status == 0);
  const Ran ran = stats.wait();
  CHECK(ran.status == 0);
  CHECK(holds(ran.out, "\"running\":false"));
  CHECK(ran.err.empty());
  const Ran gone = world.run({"stats", "box"});
  CHECK(gone.status == 5);
}

TEST_CASE("stats: without names it follows whatever runs, and nothing is fine", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran none = world.run({"stats", "--interval", "0.1"});
  CHECK(none.status == 0);
  CHECK(none.out == "NAME  STATUS  CPU  OF  MEMORY  OF  TASKS  OF  READ  WRITTEN  SOURCE\n");
  Started stats = world.start({"stats", "--json", "--interval", "0.1"});
  REQUIRE(stats.await_output("\"sandboxes\":[]"));
  Started box = start_box(world, "sleep 60");
  CHECK(stats.await_output("\"name\":\"box\""));
  stats.kill(SIGTERM);
  CHECK(stats.wait().status == 143);
}

TEST_CASE("stats: on a terminal it is drawn until Ctrl-C, and the terminal is put back",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Started box = start_box(world, "sleep 60");
  const std::string program = world.argv({"stats"}).front();
  const Ran ran = world.outside("(sleep 2; printf '\\003') | LC_ALL=C script -qec 'trap : INT; " +
                                program + " stats -i 0.2; echo status $?' /dev/null");
  CAPTURE(ran.out, ran.err);
  const auto entered = ran.out.find("\x1b[?1049h\x1b[?25l");
  const auto left = ran.out.find("\x1b[?25h\x1b[?1049l");
  REQUIRE(entered != std::string::npos);
  REQUIRE(left != std::string::npos);
  CHECK(ran.out.find("memory  ", entered) < left);
  CHECK(ran.out.find("status 0", left) != std::string::npos);
}

TEST_CASE("stats: a bad interval is refused", "[integration][error]") {
  const World world;
  for (const char* bad : {"0", "nan", "1e3", "-1", "0x1", "99999"}) {
    const Ran ran = world.run({"stats", std::string("--interval=") + bad});
    CHECK(ran.status == 2);
    CHECK(ran.err == std::string("paddock: error[P0001]: option '--interval' takes 0.1 to 3600 "
                                 "seconds, not '") +
                         bad + "'\n");
  }
}
