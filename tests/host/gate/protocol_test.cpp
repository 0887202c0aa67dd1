// The gate's side of the channel: what it says, what it refuses, how it ends.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "host/gate/gate_process.hpp"
#include "os/proc.hpp"
#include "os/process.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

std::string framed(const std::string& body) {
  std::string frame(4, '\0');
  for (std::size_t i = 0; i < 4; ++i) {
    frame[i] = static_cast<char>(body.size() >> (8 * i) & 0xff);
  }
  return frame + body;
}

/// The next frame's JSON; empty at end of file.
std::string receive(int fd) {
  unsigned char header[4];
  if (::recv(fd, header, sizeof header, MSG_WAITALL) != sizeof header) {
    return {};
  }
  std::string json(header[0] | static_cast<std::size_t>(header[1]) << 8, '\0');
  ::recv(fd, json.data(), json.size(), MSG_WAITALL);
  return json;
}

/// What a greeted gate answers to raw bytes, after which it must be gone with 125.
std::string answer_to(const std::string& bytes, bool half_close = false) {
  GateProcess gate;
  greet(gate);
  ::send(gate.channel().fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (half_close) {
    ::shutdown(gate.channel().fd(), SHUT_WR);
  }
  const std::string answer = receive(gate.channel().fd());
  CHECK(gate.wait() == 125);
  return answer;
}

std::string fields(std::initializer_list<const char*> words) {
  std::string body;
  for (const char* word : words) {
    body += word;
    body += '\0';
  }
  return body;
}

}  // namespace

TEST_CASE("gate: a malformed frame is answered by an error and exit status 125") {
  const std::string cut = R"({"error":"a frame is cut short","errno":0})";
  const std::string size = R"({"error":"a frame is empty or too long","errno":0})";
  const std::string probe = R"({"error":"probe is malformed","errno":0})";
  const std::string configure = R"({"error":"configure is malformed","errno":0})";
  const std::string hold = R"({"error":"hold is malformed","errno":0})";
  const std::string release = R"({"error":"release is malformed","errno":0})";
  CHECK(answer_to("\5\0"s, true) == cut);
  CHECK(answer_to("\5\0\0\0pro"s, true) == cut);
  CHECK(answer_to("\0\0\0\0"s) == size);
  CHECK(answer_to("\1\0\x40\0"s) == size);
  CHECK(answer_to("\xff\xff\xff\xff"s) == size);
  CHECK(answer_to(framed("probe")) == R"({"error":"a field does not end","errno":0})");
  CHECK(answer_to(framed(fields({"reboot"}))) == R"({"error":"an unknown verb","errno":0})");
  CHECK(answer_to(framed(fields({""}))) == R"({"error":"an unknown verb","errno":0})");
  for (const std::string& body :
       {fields({"probe"}),
        fields({"probe", "x"}),
        fields({"probe", "-1"}),
        fields({"probe", "1001"}),
        fields({"probe", "1"}),
        fields({"probe", "1", "sideways", "1", "39", "0"}),
        fields({"probe", "1", "inline", "0"}),
        fields({"probe", "1", "inline", "17"}),
        fields({"probe", "1", "inline", "1", "39"}),
        fields({"probe", "1", "inline", "1", "-2", "0"}),
        fields({"probe", "1", "inline", "1", "39", "7"}),
        fields({"probe", "1", "inline", "1", "39", "1", "q1"}),
        fields({"probe", "1", "inline", "1", "39", "1", "i"}),
        fields({"probe", "1", "inline", "1", "39", "1", "i9223372036854775808"}),
        fields({"probe", "1", "inline", "1", "39", "1", "i99999999999999999999"}),
        fields({"probe", "1", "inline", "1", "39", "1", "xabc"}),
        fields({"probe", "1", "inline", "1", "39", "1", "xzz"}),
        fields({"probe", "1", "inline", "1", "39", "1", "o0"}),
        fields({"probe", "1", "inline", "1", "39", "1", "o4097"}),
        fields({"probe", "1", "inline", "1", "39", "1", "r0"}),
        fields({"probe", "1", "inline", "1", "-1", "2", "i4090", "x00112233445566778899"}),
        fields({"probe", "0", "surplus"})}) {
    INFO(body);
    CHECK(answer_to(framed(body)) == probe);
  }
  for (const std::string& body :
       {fields({"configure", "umask"}), fields({"configure", "umask", "8"}),
        fields({"configure", "umask", "00222"}) + fields({"x"}), fields({"configure", "nice", "1"}),
        fields({"configure", "rlimit", "7"}), fields({"configure", "rlimit", "7:"}),
        fields({"configure", "rlimit", "64:1"}), fields({"configure", "rlimit", "7:-1"}),
        fields({"configure", "session", "old"})}) {
    INFO(body);
    CHECK(answer_to(framed(body)) == configure);
  }
  for (const std::string& body :
       {fields({"hold"}), fields({"hold", "later", "/", "1", "true", "0"}),
        fields({"hold", "exec", "/", "0", "0"}), fields({"hold", "exec", "/", "2", "true"}),
        fields({"hold", "exec", "/", "1", "true"}),
        fields({"hold", "exec", "/", "1", "true", "-1"}),
        fields({"hold", "exec", "/", "70000", "true", "0"}),
        fields({"hold", "exec", "/", "1", "true", "0", "surplus"})}) {
    INFO(body);
    CHECK(answer_to(framed(body)) == hold);
  }
  CHECK(answer_to(framed(fields({"release"}))) == release);
}

TEST_CASE("gate: what it holds stays, whatever comes before the release") {
  GateProcess gate;
  greet(gate);
  const auto process = command({"sh", "-c", "exit 7"});
  REQUIRE(gate.channel().hold(process));
  REQUIRE(gate.channel().hold(process));  // the same again is no second frame
  const proof::Probe probe{"a", false, {{39, {}}}};
  REQUIRE(gate.channel().run(std::vector(400, probe), std::chrono::seconds(10)));
  REQUIRE(gate.channel().release(process));
  CHECK(gate.wait() == 7);
}

TEST_CASE("gate: it takes no other command for the one that it holds") {
  GateProcess gate;
  greet(gate);
  REQUIRE(gate.channel().hold(command({"sh", "-c", "exit 7"})));
  const auto other = gate.channel().release(command({"sh", "-c", "exit 0"}));
  REQUIRE_FALSE(other);
  CHECK(other.error().what == "the gate gave up: hold comes twice");
  CHECK(gate.wait() == 125);
}

TEST_CASE("gate: a channel that closes before the hand-over ends it with 125, in silence") {
  GateProcess gate;
  greet(gate);
  gate.close_channel();
  CHECK(gate.wait() == 125);
  CHECK(gate.output().empty());
}

TEST_CASE("gate: its argument must be the number of an inherited socket") {
  const std::string usage =
      "usage: paddock-gate CHANNEL [STDERR]\n"
      "       paddock-gate connect SOCKET [leash]\n"
      "paddock starts this helper in a sandbox; CHANNEL is an inherited socket, 3 or higher\n";
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"9"}, {"0"}, {"-3"}, {"three"}, {"3", "4"}, {"99999999999"}, {""}}) {
    std::vector<std::string> argv = {gate_program()};
    argv.insert(argv.end(), words.begin(), words.end());
    const auto captured = os::capture(argv, 10s);
    REQUIRE(captured);
    CHECK(os::exit_code(captured->status) == 125);
    CHECK(captured->err == usage);
  }
}

TEST_CASE("gate: a waiting gate has touched less than 1 MB, also after many probes") {
  GateProcess gate;
  greet(gate);
  std::vector<proof::Probe> probes(100);
  for (auto& probe : probes) {
    probe.isolated = true;
    probe.calls = {{39, {}}};
  }
  REQUIRE(gate.channel().run(probes, 10s));
  const auto status = os::read_status(gate.pid());
  REQUIRE(status);
  CHECK(status->rss_peak_kib > 0);
  CHECK(status->rss_peak_kib <= 1024);
}

TEST_CASE("gate: a descriptor that a launcher leaks is closed before the greeting") {
  const os::UniqueFd leaked(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  GateOptions options;
  options.extra_fd = leaked.get();
  GateProcess gate(options);
  greet(gate);
  const auto descriptors = os::read_descriptors(gate.pid());
  REQUIRE(descriptors);
  CHECK(descriptors->size() == 4);
  CHECK(descriptors->at(9) == "socket:[" + std::to_string(gate.channel().peer_inode()) + "]");
}

}  // namespace paddock::test
