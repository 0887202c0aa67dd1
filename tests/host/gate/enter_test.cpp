// `paddock-gate enter`: what it reports when it cannot. That it enters is tried with sandboxes.
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "host/gate/gate_process.hpp"
#include "os/process.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

struct Entered {
  int status = -1;
  std::string report;
};

/// Enters this very process, whose user namespace it is in already.
Entered enter(const std::string& data_bytes) {
  int report[2];
  REQUIRE(::pipe2(report, O_CLOEXEC) == 0);
  const os::UniqueFd reading(report[0]);
  os::UniqueFd writing(report[1]);
  const auto pidfd = os::open_pidfd(::getpid());
  REQUIRE(pidfd);
  os::SpawnOptions spawn;
  const std::string all = std::to_string(CLONE_NEWUSER);
  spawn.argv = {gate_program(),
                "enter",
                "/.paddock/gate",
                "9",
                "10",
                "11",
                all,
                "0",
                data_bytes,
                "0",
                "0",
                "0",
                "0"};
  spawn.descriptors = {{pidfd->get(), 9}, {pidfd->get(), 10}, {writing.get(), 11}};
  auto child = os::spawn(spawn);
  REQUIRE(child);
  writing.reset();
  char bytes[256];
  const ssize_t got = ::read(reading.get(), bytes, sizeof bytes);
  const auto status = child->wait();
  REQUIRE(status);
  return {os::exit_code(*status), std::string(bytes, static_cast<std::size_t>(got > 0 ? got : 0))};
}

}  // namespace

TEST_CASE("gate enter: a step that fails is reported with its errno", "[gate][error]") {
  const Entered entered = enter("0");
  CHECK(entered.report == "22 cannot join the sandbox's namespaces\n");
  CHECK(entered.status == 125);
}

TEST_CASE("gate enter: a malformed word ends it before it does anything", "[gate][error]") {
  for (const char* word : {"", "-1", "1x", "99999999999999999999"}) {
    CAPTURE(word);
    const Entered entered = enter(word);
    CHECK(entered.report.empty());
    CHECK(entered.status == 125);
  }
}

}  // namespace paddock::test
