// paddock run on a terminal: one of its own for the workload, relayed to ours.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <thread>

#include "integration/window.hpp"
#include "integration/world.hpp"
#include "os/process.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

void redirect_to(int fd, const std::string& path, int flags) {
  ::dup2(::open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0666), fd);
}

}  // namespace

TEST_CASE("terminal: the workload has one of its own, of the same size", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(
      world,
      {"run", "quickstart", "--", "sh", "-c",
       "test -t 0 && test -t 1 && test -t 2 && echo three; stty size; tty; echo term=$TERM"});
  CHECK(window.wait() == 0);
  INFO(window.screen());
  CHECK(window.screen().find("three\r\n") != std::string::npos);
  CHECK(window.screen().find("33 77\r\n") != std::string::npos);
  CHECK(window.screen().find("term=xterm") != std::string::npos);
  CHECK(window.restored());
}

TEST_CASE("terminal: the proof is announced before the workload speaks", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world, {"run", "--name", "box", "quickstart", "--", "echo", "hello"});
  CHECK(window.wait() == 0);
  const auto proved = window.screen().find("paddock: box: proved ");
  CHECK(proved != std::string::npos);
  CHECK(window.screen().find("hello") > proved);
}

TEST_CASE("terminal: a change of the window's size arrives", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world,
                {"run", "quickstart", "--", "sh", "-c",
                 "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done"});
  REQUIRE(window.await("ready"));
  window.resize(44, 99);
  CHECK(window.wait() == 0);
  CHECK(window.screen().find("44 99") != std::string::npos);
}

TEST_CASE("terminal: Ctrl-C is the workload's", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world,
                {"run", "quickstart", "--", "sh", "-c",
                 "trap 'echo caught; exit 6' INT; echo ready; while :; do sleep 0.05; done"});
  REQUIRE(window.await("ready"));
  window.type("\x03");
  CHECK(window.wait() == 6);
  CHECK(window.screen().find("caught") != std::string::npos);
  CHECK(window.restored());
}

TEST_CASE("terminal: a shell inside has job control", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world, {"run", "quickstart", "--", "bash", "--norc", "-i"});
  window.type("echo pid=$((1+1))\n");
  REQUIRE(window.await("pid=2"));
  window.type("sleep 1000\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  window.type("\x1a");
  REQUIRE(window.await("Stopped"));
  window.type("kill %1; echo jobs=$((3+4))\n");
  REQUIRE(window.await("jobs=7"));
  window.type("exit 3\n");
  CHECK(window.wait() == 3);
  CHECK(window.screen().find("no job control") == std::string::npos);
  CHECK(window.restored());
}

TEST_CASE("terminal: is restored when paddock is ended by a signal", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world, {"run", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
  REQUIRE(window.await("ready"));
  CHECK_FALSE(window.restored());
  ::kill(window.pid(), SIGTERM);
  CHECK(window.wait() == 143);
  CHECK(window.restored());
}

TEST_CASE("terminal: much output and input at once do not lock up", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world,
                {"run", "quickstart", "--", "sh", "-c",
                 "stty -echo -icanon; echo ready; head -c 200000 /dev/zero | tr '\\0' x; echo; "
                 "head -c 20000 | wc -c; echo end"});
  REQUIRE(window.await("ready"));
  std::thread typist([&] { window.type(std::string(20000, 'k')); });
  CHECK(window.await("20000"));
  typist.join();
  CHECK(window.wait() == 0);
}

TEST_CASE("terminal: exec gets one too", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Started box = world.start(
      {"run", "--name", "box", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
  REQUIRE(box.await_output("ready"));
  Window window(world, {"exec", "box", "--", "sh", "-c", "tty; stty size; exit 4"});
  CHECK(window.wait() == 4);
  INFO(window.screen());
  CHECK(window.screen().find("33 77") != std::string::npos);
  CHECK(window.restored());
}

TEST_CASE("terminal: standard error does not let the workload read what is typed",
          "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  const std::string out = world.project() / "out";
  const auto redirect = [&] {
    redirect_to(0, "/dev/null", O_RDONLY);
    redirect_to(1, out, O_WRONLY | O_TRUNC);
  };
  const std::string script =
      "test -t 2 && echo terminal; echo ready >&2; timeout --foreground 2 head -n 1 <&2 "
      "2>/dev/null; echo end";
  const auto listen = [&](const std::vector<std::string>& words) {
    Window window(world, words, redirect);
    REQUIRE(window.await("ready"));
    window.type("secret\n");
    CHECK(window.wait() == 0);
    return read_text(out);
  };
  CHECK(listen({"run", "quickstart", "--", "sh", "-c", script}) == "end\n");
  Started box = world.start(
      {"run", "--name", "box", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
  REQUIRE(box.await_output("ready"));
  CHECK(listen({"exec", "box", "--", "sh", "-c", script}) == "end\n");
  world.program = "/bin/sh";  // the control: who holds the terminal can
  CHECK(listen({"-c", script}) == "terminal\nsecret\nend\n");
}

TEST_CASE("terminal: as standard input alone it is relayed to its end", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const std::string out = world.project() / "out";
  Window window(
      world,
      {"run", "quickstart", "--", "sh", "-c", "test -t 0 && echo terminal; echo ready >&2; cat"},
      [&] { redirect_to(1, out, O_WRONLY | O_TRUNC); });
  REQUIRE(window.await("ready"));
  window.type("one\ntwo\n");
  window.type("\x04");
  CHECK(window.wait() == 0);
  CHECK(read_text(out) == "one\ntwo\n");
}

TEST_CASE("terminal: as output alone it gets all that was written, in order", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world,
                {"run", "-q", "quickstart", "--", "sh", "-c",
                 "for i in 1 2 3 4; do echo $i; echo $i >&2; done; test -t 1 && echo terminal; "
                 "head -c 300000 /dev/zero | tr '\\0' x; echo; echo end"},
                [] { redirect_to(0, "/dev/null", O_RDONLY); });
  CHECK(window.wait() == 0);
  const std::string& screen = window.screen();
  CHECK(screen.find("1\r\n1\r\n2\r\n2\r\n3\r\n3\r\n4\r\n4\r\n") != std::string::npos);
  CHECK(std::count(screen.begin(), screen.end(), 'x') == 300000);
  CHECK(screen.find("terminal") == std::string::npos);
  CHECK(screen.find("\r\nend\r\n") != std::string::npos);
}

TEST_CASE("terminal: in the background the keyboard is left to the shell", "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  const std::string paddock = world.argv({}).front();
  world.program = "/bin/bash";
  Window window(world, {"--norc", "-i"});
  window.type("PS1=; " + paddock + " run quickstart -- sh -c 'sleep 2; echo done' >out 2>&1 &\n");
  window.type("sleep 1; echo sum=$((20+3))\n");
  REQUIRE(window.await("sum=23"));
  window.type("wait; jobs; echo end=$((30+4)); cat out\n");
  REQUIRE(window.await("end=34"));
  CHECK(window.await("done"));
  CHECK(window.screen().find("Stopped") == std::string::npos);
  window.type("exit 0\n");
  CHECK(window.wait() == 0);
}
