// Frames over a real socket pair, from ends that behave and ends that do not.
#include "plugin/wire.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "support/catch.hpp"

using namespace paddock;          // NOLINT(google-build-using-namespace)
using namespace paddock::plugin;  // NOLINT(google-build-using-namespace)

namespace {

struct Pair {
  os::UniqueFd a, b;
  Pair() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    a.reset(ends[0]);
    b.reset(ends[1]);
  }
};

Deadline soon() {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
}

}  // namespace

TEST_CASE("wire: a frame arrives whole, with its descriptors", "[plugin]") {
  const Pair pair;
  const os::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  REQUIRE(send_frame(pair.a.get(), FrameKind::kCall, "body", {null.get(), null.get()}, soon()));
  auto frame = receive_frame(pair.b.get(), soon());
  REQUIRE(frame);
  REQUIRE(*frame);
  CHECK((*frame)->kind == FrameKind::kCall);
  CHECK((*frame)->body == "body");
  REQUIRE((*frame)->descriptors.size() == 2);
  struct stat sent {
  }, got{};
  REQUIRE(::fstat(null.get(), &sent) == 0);
  REQUIRE(::fstat((*frame)->descriptors[1].get(), &got) == 0);
  CHECK(sent.st_rdev == got.st_rdev);
  CHECK((::fcntl((*frame)->descriptors[0].get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("wire: silence ends at the deadline", "[plugin]") {
  const Pair pair;
  const auto frame = receive_frame(pair.a.get(), soon());
  REQUIRE_FALSE(frame);
  CHECK(frame.error().code == ErrorCode::kTimeout);
}

TEST_CASE("wire: an end that takes nothing ends at the deadline", "[plugin]") {
  const Pair pair;
  const auto sent =
      send_frame(pair.a.get(), FrameKind::kCall, std::string(4 << 20, 'x'), {}, soon());
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == ErrorCode::kTimeout);
}

TEST_CASE("wire: an end that never stops sending ends at the deadline", "[plugin]") {
  const Pair pair;
  std::atomic<bool> done{false};
  std::thread sender([&] {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done && std::chrono::steady_clock::now() < limit) {
      static_cast<void>(
          send_frame(pair.b.get(), FrameKind::kLog, std::string(64, 'x'), {}, soon()));
    }
  });
  const auto begin = std::chrono::steady_clock::now();
  const Deadline deadline = soon();
  auto frame = receive_frame(pair.a.get(), deadline);
  CHECK(frame);  // the control
  while (frame && *frame) {
    frame = receive_frame(pair.a.get(), deadline);
  }
  done = true;
  sender.join();
  REQUIRE_FALSE(frame);
  CHECK(frame.error().code == ErrorCode::kTimeout);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

TEST_CASE("wire: the end of the stream is no frame, even inside one", "[plugin]") {
  Pair pair;
  REQUIRE(::write(pair.b.get(), "\x10\0\0\0oab", 7) == 7);
  pair.b.reset();
  const auto frame = receive_frame(pair.a.get(), soon());
  REQUIRE(frame);
  CHECK_FALSE(*frame);
}

TEST_CASE("wire: a length out of range is not believed", "[plugin]") {
  const Pair pair;
  REQUIRE(::write(pair.b.get(), "\xff\xff\xff\xffo", 5) == 5);
  const auto frame = receive_frame(pair.a.get(), soon());
  REQUIRE_FALSE(frame);
  CHECK(frame.error().code == ErrorCode::kPluginMisbehaved);
}
