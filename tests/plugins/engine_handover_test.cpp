// Who gets the descriptors of a gate that enters by a secret.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <future>

#include "support/catch.hpp"
#include "support/engine/handover.hpp"
#include "support/temp_dir.hpp"

using namespace paddock;
using namespace paddock::engine;
using paddock::test::TempDir;

namespace {

const std::string kSecret = "0123456789abcdef0123456789abcdef";

support::UniqueFd connect_to(const std::string& path) {
  support::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

/// What is told to who says `word`, with the number of descriptors: "", 0 to a stranger.
std::pair<std::string, int> answer_to(const support::UniqueFd& fd, const std::string& word) {
  (void)::send(fd.get(), word.data(), word.size(), MSG_NOSIGNAL);
  char bytes[16];
  iovec data{bytes, sizeof bytes};
  alignas(cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))];
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t got = ::recvmsg(fd.get(), &message, MSG_CMSG_CLOEXEC);
  const cmsghdr* header = got > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  return {std::string(bytes, static_cast<std::size_t>(got > 0 ? got : 0)),
          header == nullptr ? 0 : static_cast<int>((header->cmsg_len - CMSG_LEN(0)) / sizeof(int))};
}

/// `give_for` under way, with /dev/null for everything.
struct Giving {
  explicit Giving(std::function<bool(pid_t)> is_meant = [](pid_t) { return true; })
      : result(std::async(std::launch::async, [this, is_meant] {
          contract::GateSpec gate;
          gate.channel = gate.stdin_fd = gate.stdout_fd = gate.stderr_fd = null.get();
          return handover->give_for(kSecret, is_meant, gate, [this] { return alive.load(); });
        })) {}
  const TempDir dir;
  const support::UniqueFd null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  Result<Handover> handover = Handover::listen(dir.path().string());
  std::atomic<bool> alive = true;
  std::future<Result<support::UniqueFd>> result;
};

}  // namespace

TEST_CASE("engine handover: who does not know the secret is told nothing", "[engine]") {
  Giving giving;
  std::string wrong = kSecret;
  wrong.back() ^= 1;
  for (const std::string& guess : {wrong, std::string(32, '\0'), std::string(64, 'x')}) {
    CHECK(answer_to(connect_to(giving.handover->path()), guess) == std::pair(std::string(), 0));
  }
  CHECK(answer_to(connect_to(giving.handover->path()), kSecret.substr(1)).second == 0);  // 2 s
  const support::UniqueFd right = connect_to(giving.handover->path());
  CHECK(answer_to(right, kSecret) == std::pair(std::string(1, '\0'), 4));
  const auto leash = giving.result.get();
  REQUIRE(leash);
  CHECK(::send(leash->get(), "x", 1, MSG_NOSIGNAL) == 1);  // it lasts
  CHECK(answer_to(right, "").first == "x");
}

TEST_CASE("engine handover: the secret does not help who is not meant", "[engine]") {
  Giving giving([](pid_t) { return false; });
  CHECK(answer_to(connect_to(giving.handover->path()), kSecret).second == 0);
  giving.alive = false;
  const auto result = giving.result.get();
  REQUIRE_FALSE(result);
  CHECK(result.error().what == "the gate in the container ended at once");
}
