// Terminals of gVisor's own, tied to one of the host's.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "engines/guests.hpp"
#include "integration/window.hpp"

using namespace paddock::test;

namespace {

/// What a program at a terminal needs: all of its streams, the size, signals that are typed.
void try_window(Window& window) {
  REQUIRE(window.await("$ "));
  window.type("test -t 0 && test -t 1 && test -t 2 && tty && stty size\r");
  CHECK(window.await("/dev/pts/"));
  CHECK(window.await("33 77\r\n"));
  window.type("trap 'echo width=$(stty size)' WINCH; echo s''et\r");
  CHECK(window.await("set\r\n"));
  window.resize(40, 100);
  ::usleep(300'000);
  window.type("true\r");
  CHECK(window.await("width=40 100\r\n"));
  window.type("sleep 1000; echo sta''tus=$?\r");
  ::usleep(500'000);
  window.type("\x03");
  window.type("echo be''hind\r");
  CHECK(window.await("behind\r\n"));
}

}  // namespace

TEST_CASE("guest terminal: a shell in a running sandbox has one", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  REQUIRE(world.run({"run", "--detach", "--name", "box", "guest", "--", "sleep", "1000"}).status ==
          0);
  {
    Window window(world, {"exec", "box", "--", "bash", "--norc"});
    try_window(window);
    window.type("exit 5\r");
    CHECK(window.wait() == 5);
    CHECK(window.restored());
    INFO(window.screen());
    CHECK_FALSE(has(window.screen(), "status=0"));
  }
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(engine->containers().empty());
}

TEST_CASE("guest terminal: the command of a launch has one", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  // Not bash: the filter that this engine gives the first process by gVisor lacks pselect(2).
  Window window(world, {"run", "--name", "box", "guest", "--", "sh", "-i"});
  try_window(window);
  CHECK(world.run({"verify", "box"}).status == 0);
  window.type("head -c 100000 /dev/zero | tr '\\0' x; echo; exit 6\r");
  CHECK(window.wait() == 6);
  CHECK(window.restored());
  const std::string& screen = window.screen();
  CHECK(std::count(screen.begin(), screen.end(), 'x') >= 100'000);
  CHECK(engine->containers().empty());
}

TEST_CASE("guest terminal: what goes elsewhere goes there", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  Window window(
      world,
      {"run", "guest", "--", "sh", "-c", "test -t 0 && test -t 1 && ! test -t 2 && echo apart"},
      [] { ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), 2); });
  CHECK(window.wait() == 0);
  CHECK(has(window.screen(), "apart\r\n"));
}

TEST_CASE("guest terminal: a window that is closed ends its shell", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  REQUIRE(world.run({"run", "--detach", "--name", "box", "guest", "--", "sleep", "1000"}).status ==
          0);
  {
    Window window(world, {"exec", "box", "--", "bash", "--norc"});
    REQUIRE(window.await("$ "));
    window.close();
  }
  CHECK(eventually([&] {
    return !has(world.run({"exec", "box", "--", "sh", "-c", "cat /proc/[0-9]*/cmdline"}).out,
                "--norc");
  }));
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(eventually([&] { return residue(world).empty(); }));  // its keeper ends behind it
}

TEST_CASE("guest terminal: one in the background is attached to", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  REQUIRE(
      world.run({"run", "--detach", "--tty", "--name", "box", "guest", "--", "sh", "-i"}).status ==
      0);
  {
    Window window(world, {"attach", "box"});
    window.type("stty size; echo he''re\r");
    CHECK(window.await("here\r\n"));
    CHECK(has(window.screen(), "33 77\r\n"));
    window.type("\x10\x11");
    CHECK(window.wait() == 0);
  }
  CHECK(world.run({"verify", "box"}).status == 0);
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(engine->containers().empty());
  CHECK(eventually([&] { return residue(world).empty(); }));  // its keeper ends behind it
}
