// Probes: raw system calls in the gate.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>

#include "host/gate/gate_process.hpp"
#include "os/proc.hpp"
#include "protocol.h"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

using namespace std::chrono_literals;
using proof::Probe;
using proof::ProbeCall;
using proof::ProbeResult;

const std::string kHere = "i" + std::to_string(AT_FDCWD);

ProbeResult run(GateProcess& gate, bool isolated, std::vector<ProbeCall> calls) {
  const auto results = gate.channel().run({{"it", isolated, std::move(calls)}}, 10s);
  REQUIRE(results);
  REQUIRE(results->size() == 1);
  return results->front();
}

std::size_t descriptor_count(const GateProcess& gate) {
  const auto descriptors = os::read_descriptors(gate.pid());
  REQUIRE(descriptors);
  return descriptors->size();
}

}  // namespace

TEST_CASE("gate probe: the result is the last call's index, value and errno") {
  GateProcess gate;
  greet(gate);
  const ProbeResult pid = run(gate, false, {{SYS_getpid, {}}});
  CHECK(pid.step == 0);
  CHECK(pid.value == gate.pid());
  CHECK(pid.error == 0);
  const ProbeResult missing = run(
      gate, false, {{SYS_getpid, {}}, {SYS_openat, {kHere, "s/no/such", "i0"}}, {SYS_getpid, {}}});
  CHECK(missing.step == 1);
  CHECK(missing.value == -1);
  CHECK(missing.error == ENOENT);
}

TEST_CASE("gate probe: a call takes the result of an earlier one, and output is compared") {
  GateProcess gate;
  greet(gate);
  const std::vector<ProbeCall> calls = {{SYS_openat, {kHere, "s/dev/zero", "i0"}},
                                        {SYS_read, {"r0", "o8", "i8"}},
                                        {PADDOCK_GATE_MATCH, {"i0", "x0000000000000000"}},
                                        {PADDOCK_GATE_MATCH, {"i1", "x01"}}};
  const ProbeResult result = run(gate, false, calls);
  CHECK(result.step == 3);
  CHECK(result.error == EILSEQ);
}

TEST_CASE("gate probe: descriptors that a probe opens are closed after it") {
  GateProcess gate;
  greet(gate);
  const std::size_t before = descriptor_count(gate);
  for (const bool isolated : {false, true}) {
    const ProbeResult result =
        run(gate, isolated, {{SYS_openat, {kHere, "s/", "i0"}}, {SYS_dup, {"r0"}}});
    CHECK(result.error == 0);
    CHECK(descriptor_count(gate) == before);
  }
}

TEST_CASE("gate probe: an isolated one leaves the gate as it was") {
  GateProcess gate;
  greet(gate);
  const ProbeResult result = run(gate, true, {{SYS_umask, {"i63"}}, {SYS_umask, {"i63"}}});
  CHECK(result.value == 63);
  const auto status = os::read_status(gate.pid());
  REQUIRE(status);
  CHECK(status->umask != 63);
  const ProbeResult killed =
      run(gate, true, {{SYS_getpid, {}}, {SYS_kill, {"r0", "i" + std::to_string(SIGKILL)}}});
  CHECK(killed.signal == SIGKILL);
  CHECK(run(gate, false, {{SYS_getpid, {}}}).value == gate.pid());
}

TEST_CASE("gate probe: a gate that a probe kills is an error, not a result") {
  GateProcess gate;
  greet(gate);
  const auto results = gate.channel().run(
      {{"it", false, {{SYS_getpid, {}}, {SYS_kill, {"r0", "i" + std::to_string(SIGKILL)}}}}}, 10s);
  REQUIRE_FALSE(results);
  CHECK(results.error().code == ErrorCode::kGate);
  CHECK(results.error().what == "the gate closed its channel before the hand-over");
}

TEST_CASE("gate probe: a gate that does not answer is given up at the deadline") {
  GateProcess gate;
  greet(gate);
  ::kill(gate.pid(), SIGSTOP);
  const auto results = gate.channel().run({{"it", false, {{SYS_getpid, {}}}}}, 50ms);
  REQUIRE_FALSE(results);
  CHECK(results.error().code == ErrorCode::kTimeout);
  CHECK(results.error().what == "the gate did not answer in time");
}

TEST_CASE("gate show: a file of the kernel's, whole, or why not") {
  GateProcess gate;
  greet(gate);
  const auto status = gate.channel().show("/proc/self/status", 10s);
  REQUIRE(status);
  CHECK(status->find("\nPid:\t" + std::to_string(gate.pid()) + "\n") != std::string::npos);
  const auto absent = gate.channel().show("/no/such", 10s);
  REQUIRE_FALSE(absent);
  CHECK(absent.error().what == "the gate cannot read '/no/such': No such file or directory");
  const auto large = gate.channel().show(gate_program(), 10s);
  REQUIRE_FALSE(large);
  CHECK(large.error().what == "the gate cannot read '" + gate_program() + "': File too large");
  CHECK(descriptor_count(gate) == 4);
}

}  // namespace paddock::test
