// Settings and hand-over: what the command starts with, and how the gate's exit speaks for it.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "host/gate/gate_process.hpp"
#include "os/proc.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

/// The error of a release that fails, and the gate's exit status.
std::pair<Error, int> refused(const contract::Process& process) {
  GateProcess gate;
  greet(gate);
  const auto released = gate.channel().release(process);
  REQUIRE_FALSE(released);
  return {released.error(), gate.wait()};
}

std::pair<std::string, int> ran(const contract::Process& process) {
  GateProcess gate;
  greet(gate);
  const auto released = gate.channel().release(process);
  INFO((released ? std::string() : released.error().what));
  REQUIRE(released);
  const int code = gate.wait();
  return {gate.output(), code};
}

std::string executable(const TempDir& dir,
                       const char* name,
                       const std::string& text,
                       unsigned mode) {
  const std::filesystem::path path = dir / name;
  write_text(path, text);
  std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
  return path.string();
}

}  // namespace

TEST_CASE("gate release: every exit status of the command is the gate's") {
  for (int code = 0; code < 256; ++code) {
    const auto process = command({"sh", "-c", "exit " + std::to_string(code)});
    contract::Process under_init = process;
    under_init.init = true;
    const int seen = ran(code % 2 == 0 ? process : under_init).second;
    CHECK(seen == code);
  }
}

TEST_CASE("gate release: a command that a signal ends gives 128+n under init") {
  for (const int number : {SIGHUP, SIGINT, SIGKILL, SIGSEGV, SIGTERM, SIGUSR1}) {
    contract::Process process = command({"sh", "-c", "kill -" + std::to_string(number) + " $$"});
    process.init = true;
    CHECK(ran(process).second == 128 + number);
  }
}

TEST_CASE("gate release: a command that does not exist is not found, exit status 127") {
  for (const char* name : {"no-such-command", "/no/such/command", "/etc/passwd/command"}) {
    const auto [error, code] = refused(command({name}));
    CHECK(error.code == ErrorCode::kCommandNotFound);
    CHECK(error.what == "no command '" + std::string(name) + "' in the sandbox");
    CHECK(code == 127);
  }
}

TEST_CASE("gate release: a command that cannot be executed gives 126") {
  const TempDir dir;
  const std::string plain = executable(dir, "plain", "text\n", 0644);
  const std::string no_format = executable(dir, "no-format", "text\n", 0755);
  const std::string orphan = executable(dir, "orphan", "#!/no/such/interpreter\n", 0755);
  for (const bool init : {false, true}) {
    const auto try_it = [&](const std::string& name, const std::string& what) {
      contract::Process process = command({name});
      process.init = init;
      process.environment["PATH"] = dir.path().string();
      const auto [error, code] = refused(process);
      CHECK(error.code == ErrorCode::kCannotExecute);
      CHECK(error.what == what);
      CHECK(code == 126);
    };
    try_it(plain, "cannot execute '" + plain + "': Permission denied");
    try_it("plain", "cannot execute 'plain': Permission denied");
    try_it(no_format, "cannot execute '" + no_format + "': Exec format error");
    try_it(orphan, "cannot execute '" + orphan + "': its interpreter is not in the sandbox");
    try_it("orphan", "cannot execute 'orphan': its interpreter is not in the sandbox");
  }
}

TEST_CASE("gate release: a working directory that is missing is named") {
  contract::Process process = command({"true"});
  process.cwd = "/no/such/place";
  const auto [error, code] = refused(process);
  CHECK(error.code == ErrorCode::kCannotExecute);
  CHECK(error.what == "cannot enter '/no/such/place' in the sandbox: No such file or directory");
  CHECK(code == 126);
}

TEST_CASE("gate release: a NUL in a word is refused before anything is sent") {
  GateProcess gate;
  greet(gate);
  const auto released = gate.channel().release(command({"echo", std::string("a\0b", 3)}));
  REQUIRE_FALSE(released);
  CHECK(released.error().what == "an argument or environment entry holds a NUL byte");
}

TEST_CASE("gate release: arguments, environment and directory arrive exactly") {
  contract::Process process =
      command({"sh", "-c", "printf '[%s]' \"$0\" \"$@\"; pwd; env", "", "a b", "*"});
  process.environment = {{"PATH", "/usr/bin:/bin"}, {"LANG", "C.UTF-8"}, {"EMPTY", ""}};
  process.cwd = "/usr";
  const std::string out = ran(process).first;
  CHECK(out.starts_with("[][a b][*]/usr\n"));
  CHECK(out.find("EMPTY=\n") != std::string::npos);
  CHECK(out.find("LANG=C.UTF-8\n") != std::string::npos);
  CHECK(out.find("HOME=") == std::string::npos);
}

TEST_CASE("gate release: large arguments fit, as far as the kernel takes them") {
  std::vector<std::string> words = {"sh", "-c", "echo $#", "sh"};
  words.insert(words.end(), 5000, std::string(100, 'x'));
  CHECK(ran(command(words)).first == "5000\n");
}

TEST_CASE("gate release: the command inherits three descriptors and default signals") {
  for (const bool init : {false, true}) {
    contract::Process process =
        command({"sh", "-c", "ls /proc/self/fd | wc -l; grep -E 'Sig(Blk|Ign)' /proc/self/status"});
    process.init = init;
    // ls has a descriptor of its own, for the directory that it lists.
    CHECK(ran(process).first == "4\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  }
}

TEST_CASE("gate configure: umask, limits and session are the gate's own, and the command's") {
  GateProcess gate;
  greet(gate);
  contract::Plan plan;
  plan.process.umask = "0027";
  plan.security.rlimits = {{"nofile", 123}, {"core", 0}};
  const auto configured = gate.channel().configure(plan);
  REQUIRE(configured);
  CHECK(os::read_status(gate.pid())->umask == 027);
  const auto limits = os::read_limits(gate.pid());
  REQUIRE(limits);
  CHECK(limits->at("nofile").soft == 123);
  CHECK(limits->at("nofile").hard == 123);
  CHECK(limits->at("core").hard == 0);
  CHECK(::getsid(gate.pid()) == gate.pid());
  REQUIRE(gate.channel().release(command({"sh", "-c", "umask; ulimit -Hn"})));
  gate.wait();
  CHECK(gate.output() == "0027\n123\n");
}

TEST_CASE("gate configure: a limit that is lower already stays") {
  GateProcess gate;
  greet(gate);
  contract::Plan plan;
  plan.security.rlimits = {{"nofile", 100}};
  REQUIRE(gate.channel().configure(plan));
  plan.security.rlimits = {{"nofile", 200}};
  REQUIRE(gate.channel().configure(plan));
  CHECK(os::read_limits(gate.pid())->at("nofile").hard == 100);
}

TEST_CASE("gate configure: a session that wants a terminal needs one") {
  GateProcess gate;
  greet(gate);
  contract::Plan plan;
  plan.process.terminal = true;
  const auto configured = gate.channel().configure(plan);
  REQUIRE_FALSE(configured);
  CHECK(configured.error().what ==
        "the gate gave up: cannot take the terminal: Inappropriate ioctl for device");
  CHECK(gate.wait() == 125);
}

}  // namespace paddock::test
