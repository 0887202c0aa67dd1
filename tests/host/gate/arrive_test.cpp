// `paddock-gate arrive` and `leash`, tried on this kernel. That they enter a sandbox with another
// is tried with an engine.
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "host/gate/gate_process.hpp"
#include "os/process.hpp"
#include "protocol.h"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/temp_dir.hpp"

namespace paddock::test {
namespace {

using namespace std::chrono_literals;

struct Pair {
  os::UniqueFd ours, theirs;
};

Pair make_pair() {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  return {os::UniqueFd(ends[0]), os::UniqueFd(ends[1])};
}

os::Child leash(Pair& pair) {
  os::SpawnOptions spawn;
  spawn.argv = {gate_program(), "leash", "9"};
  spawn.descriptors = {{pair.theirs.get(), 9}};
  auto child = os::spawn(spawn);
  REQUIRE(child);
  pair.theirs.reset();
  return std::move(*child);
}

int exit_code(os::Child& process) {
  const auto status = process.wait();
  REQUIRE(status);
  return os::exit_code(*status);
}

os::UniqueFd listen_at(const std::string& path) {
  os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(fd.get(), 1) == 0);
  return fd;
}

void give(int to, int channel, int stream) {
  const std::array<int, 4> descriptors = {channel, stream, stream, stream};
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof descriptors)] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptors);
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
  REQUIRE(::sendmsg(to, &message, MSG_NOSIGNAL) == 1);
}

std::string hear(int fd, std::size_t size) {
  std::string text(size, '\0');
  const ssize_t got = ::recv(fd, text.data(), size, MSG_WAITALL);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

/// A gate that arrives at a socket of ours, and what it is told by.
struct Arrival {
  Arrival() {
    spawn.argv = {gate_program(), "arrive", path, "54321", "54322"};
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    reading.reset(ends[0]);
    engine.reset(ends[1]);
    spawn.descriptors = {{reading.get(), 0}, {STDERR_FILENO, 1}, {STDERR_FILENO, 2}};
  }
  const TempDir dir;
  const std::string path = (dir / "socket").string();
  const os::UniqueFd listening = listen_at(path);
  os::UniqueFd reading, engine;
  os::SpawnOptions spawn;
};

}  // namespace

TEST_CASE("gate leash: signals go to the other end as bytes, and its byte is the status") {
  Pair pair = make_pair();
  os::Child process = leash(pair);
  ::usleep(100'000);  // it blocks them first
  for (const int number : {SIGTERM, SIGHUP, SIGUSR1}) {
    REQUIRE(::kill(process.pid(), number) == 0);
    CHECK(hear(pair.ours.get(), 1) == std::string(1, static_cast<char>(number)));
  }
  REQUIRE(::send(pair.ours.get(), "\x07", 1, 0) == 1);
  CHECK(exit_code(process) == 7);
}

TEST_CASE("gate leash: an end without a status is a kill") {
  Pair pair = make_pair();
  os::Child process = leash(pair);
  pair.ours.reset();
  CHECK(exit_code(process) == 137);
}

TEST_CASE("gate arrive: it says its secret, and nothing holds what it was given before", "[gate]") {
  if (::geteuid() != 0) PADDOCK_SKIP("only root can become another user");
  Arrival arrival;
  auto child = os::spawn(arrival.spawn);
  REQUIRE(child);
  const std::string secret(PADDOCK_GATE_SECRET_SIZE, 's');
  REQUIRE(::write(arrival.engine.get(), secret.data(), secret.size()) ==
          static_cast<ssize_t>(secret.size()));
  const os::UniqueFd peer(::accept4(arrival.listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
  CHECK(hear(peer.get(), secret.size()) == secret);
  auto channel = proof::GateChannel::create();
  REQUIRE(channel);
  const os::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  give(peer.get(), channel->second.get(), null.get());
  channel->second.reset();
  REQUIRE(channel->first.await_hello(10s));
  const auto status = channel->first.show("/proc/self/status", 10s);
  REQUIRE(status);
  CAPTURE(*status);
  for (const char* line :
       {"\nUid:\t54321\t54321\t54321\t54321\n", "\nGid:\t54322\t54322\t54322\t54322\n",
        "\nGroups:\t \n", "\nCapBnd:\t0000000000000000\n", "\nCapPrm:\t0000000000000000\n",
        "\nNoNewPrivs:\t1\n", "\nSeccomp:\t2\n"}) {
    CAPTURE(line);
    CHECK(status->find(line) != std::string::npos);
  }
  contract::Process sleep =
      command({"sh", "-c", "trap 'exit 5' TERM; while :; do sleep 0.05; done"});
  REQUIRE(channel->first.release(sleep));
  ::usleep(300'000);  // until the trap is set
  REQUIRE(::send(peer.get(), "\x0f", 1, 0) == 1);
  CHECK(hear(peer.get(), 1) == "\x05");
  CHECK(exit_code(*child) == 5);
}

TEST_CASE("gate arrive: the leash's end kills the command", "[gate]") {
  if (::geteuid() != 0) PADDOCK_SKIP("only root can become another user");
  Arrival arrival;
  auto child = os::spawn(arrival.spawn);
  REQUIRE(child);
  REQUIRE(::write(arrival.engine.get(), std::string(32, 's').data(), 32) == 32);
  os::UniqueFd peer(::accept4(arrival.listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
  auto channel = proof::GateChannel::create();
  REQUIRE(channel);
  const Pair stream = make_pair();
  give(peer.get(), channel->second.get(), stream.theirs.get());
  channel->second.reset();
  REQUIRE(channel->first.await_hello(10s));
  REQUIRE(channel->first.release(command({"sleep", "1000"})));
  peer.reset();
  CHECK(exit_code(*child) == 137);
}

TEST_CASE("gate arrive: without its secret it says nothing to anybody", "[gate][error]") {
  Arrival arrival;
  int report[2];
  REQUIRE(::pipe2(report, O_CLOEXEC) == 0);
  const os::UniqueFd reading(report[0]);
  os::UniqueFd writing(report[1]);
  arrival.spawn.descriptors[2].first = writing.get();
  auto child = os::spawn(arrival.spawn);
  REQUIRE(child);
  writing.reset();
  REQUIRE(::write(arrival.engine.get(), "short", 5) == 5);
  arrival.engine.reset();
  CHECK(exit_code(*child) == 125);
  char bytes[256];
  const ssize_t got = ::read(reading.get(), bytes, sizeof bytes);
  CHECK(std::string(bytes, static_cast<std::size_t>(got > 0 ? got : 0)) ==
        "paddock-gate: the secret does not come\n");
  const os::UniqueFd nobody(::fcntl(arrival.listening.get(), F_SETFL, O_NONBLOCK) == 0
                                ? ::accept4(arrival.listening.get(), nullptr, nullptr, SOCK_CLOEXEC)
                                : 0);
  CHECK_FALSE(nobody);
}

}  // namespace paddock::test
