// The gate as init: signals, zombies, terminals.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "host/gate/gate_process.hpp"
#include "os/file.hpp"
#include "os/proc.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

void start(GateProcess& gate, const std::string& script) {
  greet(gate);
  contract::Process process = command({"sh", "-c", script});
  process.init = true;
  const auto released = gate.channel().release(process);
  INFO((released ? std::string() : released.error().what));
  REQUIRE(released);
}

std::string children(pid_t pid) {
  const std::string number = std::to_string(pid);
  return os::read_kernel_file("/proc/" + number + "/task/" + number + "/children").value_or("");
}

bool exists(const std::filesystem::path& path) {
  return std::filesystem::exists(path);
}

}  // namespace

TEST_CASE("gate init: signals that arrive are forwarded to the command") {
  const TempDir dir;
  const std::string ready = (dir / "ready").string();
  for (const char* name : {"HUP", "INT", "QUIT", "TERM", "USR1", "USR2", "WINCH"}) {
    std::filesystem::remove(ready);
    GateProcess gate;
    start(gate, "trap 'echo got; exit 7' " + std::string(name) + "; touch " + ready +
                    "; while :; do sleep 0.02; done");
    REQUIRE(eventually([&] { return exists(ready); }));
    const std::string number = "kill -" + std::string(name) + " " + std::to_string(gate.pid());
    REQUIRE(::system(number.c_str()) == 0);
    CHECK(gate.wait() == 7);
    CHECK(gate.output().ends_with("got\n"));  // after what the shell says of its child
  }
}

TEST_CASE("gate init: a signal reaches the command's whole group, as from a terminal") {
  const TempDir dir;
  const std::string ready = (dir / "ready").string();
  GateProcess gate;
  start(gate,
        "sh -c 'trap \"exit 3\" INT; touch " + ready + "; while :; do sleep 0.02; done'; exit $?");
  REQUIRE(eventually([&] { return exists(ready); }));
  ::kill(gate.pid(), SIGINT);
  const int code = gate.wait();
  CHECK((code == 3 || code == 130));
}

TEST_CASE("gate init: orphans are reaped while the command runs") {
  const TempDir dir;
  const std::string done = (dir / "done").string();
  GateProcess gate;
  start(gate, "for i in 1 2 3 4 5; do (sh -c 'sleep 0.05' & ); done; sleep 0.3; touch " + done +
                  "; while :; do sleep 0.02; done");
  REQUIRE(eventually([&] { return exists(done); }));
  CHECK(eventually([&] {
    const std::string list = children(gate.pid());
    return list.find(' ') == list.rfind(' ');  // the command alone
  }));
  ::kill(gate.pid(), SIGTERM);
  CHECK(gate.wait() == 143);
}

TEST_CASE("gate init: it ends with the command, and holds none of its descriptors") {
  GateProcess gate;
  start(gate, "exec >&- 2>&-; exec sleep 5");
  CHECK(gate.output().empty());  // end of file while the command still runs
  const auto descriptors = os::read_descriptors(gate.pid());
  REQUIRE(descriptors);
  CHECK(descriptors->empty());
  ::kill(gate.pid(), SIGTERM);
  CHECK(gate.wait() == 143);
}

TEST_CASE("gate init: the command gets the terminal, in the foreground of its own session") {
  const os::UniqueFd host(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE(host);
  REQUIRE(::grantpt(host.get()) == 0);
  REQUIRE(::unlockpt(host.get()) == 0);
  const os::UniqueFd terminal(::open(::ptsname(host.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE(terminal);
  GateOptions options;
  options.stdin_fd = terminal.get();
  for (const bool init : {true, false}) {
    GateProcess gate(options);
    greet(gate);
    contract::Plan plan;
    plan.process.terminal = true;
    REQUIRE(gate.channel().configure(plan));
    contract::Process process =
        command({"sh", "-c",
                 "read -r pid name state ppid group session tty front rest "
                 "</proc/$$/stat; test $session = $$ && test $tty != 0 && test "
                 "$front = $group && echo yes >/dev/tty && echo yes"});
    process.init = init;
    REQUIRE(gate.channel().release(process));
    CHECK(gate.wait() == 0);
    CHECK(gate.output() == "yes\n");
  }
}

}  // namespace paddock::test
