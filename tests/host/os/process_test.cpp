#include "os/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test
using namespace std::chrono_literals;

TEST_CASE("process: output and exit status are captured", "[os]") {
  const auto run = os::capture({"sh", "-c", "echo out; echo err >&2; exit 3"}, 10s);
  REQUIRE(run);
  CHECK(run->out == "out\n");
  CHECK(run->err == "err\n");
  CHECK(os::exit_code(run->status) == 3);
}

TEST_CASE("process: a signal is 128 and its number", "[os]") {
  CHECK(os::exit_code(os::capture({"sh", "-c", "kill -9 $$"}, 10s)->status) == 137);
}

TEST_CASE("process: output is capped", "[os]") {
  CHECK(os::capture({"sh", "-c", "head -c 100000 /dev/zero"}, 10s, 1000)->out.size() == 1000);
}

TEST_CASE("process: the deadline kills", "[os][error]") {
  const auto run = os::capture({"sleep", "60"}, 100ms);
  REQUIRE_FALSE(run);
  CHECK(run.error().what == "'sleep' did not end in 100 ms");
  CHECK(run.error().code == ErrorCode::kTimeout);
}

TEST_CASE("process: a missing program is an error of its own", "[os][error]") {
  CHECK(os::capture({"no-such-program"}, 1s).error().what ==
        "cannot start 'no-such-program': No such file or directory");
}

TEST_CASE("process: no other descriptor reaches the child", "[os]") {
  const int leak = ::open("/dev/null", O_RDONLY);  // NOLINT(android-cloexec-open): the point
  REQUIRE(leak >= 0);
  const auto run = os::capture({"sh", "-c", "ls /proc/self/fd | wc -l"}, 10s);
  ::close(leak);
  CHECK(run->out == "4\n");  // 0, 1, 2 and the directory that ls reads
}

TEST_CASE("process: descriptors land on their numbers, also when they cross", "[os]") {
  int first[2], second[2];
  REQUIRE(::pipe2(first, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(second, O_CLOEXEC) == 0);
  auto child = os::spawn({{"sh", "-c", "echo a >&5; echo b >&6"},
                          {"PATH=/usr/bin:/bin"},
                          {{first[1], 5}, {second[1], 6}}});
  REQUIRE(child);
  CHECK(os::exit_code(*child->wait()) == 0);
  char buffer[4] = {};
  CHECK(::read(first[0], buffer, 2) == 2);
  CHECK(buffer[0] == 'a');
  CHECK(::read(second[0], buffer, 2) == 2);
  CHECK(buffer[0] == 'b');
  for (const int fd : {first[0], first[1], second[0], second[1]}) {
    ::close(fd);
  }
}

TEST_CASE("process: PID and start time name one process", "[os]") {
  const auto mine = os::start_time(::getpid());
  REQUIRE(mine);
  CHECK(mine == os::start_time(::getpid()));
  CHECK(*mine > 0);
  CHECK_FALSE(os::start_time(4'194'304).has_value());
  CHECK(os::open_pidfd(::getpid()));
  CHECK_FALSE(os::open_pidfd(4'194'304));
}
