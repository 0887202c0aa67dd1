// paddock run on a terminal: one of its own for the workload, relayed to ours.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "integration/world.hpp"
#include "os/process.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

/// A terminal window with paddock in it.
class Window {
 public:
  Window(const World& world, const std::vector<std::string>& arguments) {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(master_ >= 0);
    REQUIRE(::grantpt(master_) == 0);
    REQUIRE(::unlockpt(master_) == 0);
    resize(33, 77);
    worker_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(::tcgetattr(worker_, &before_) == 0);
    const auto words = world.argv(arguments);
    const auto entries = world.envp();
    const std::string folder = world.project();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::setsid();
      for (const int fd : {0, 1, 2}) {
        ::dup2(worker_, fd);
      }
      ::ioctl(0, TIOCSCTTY, 0);
      std::vector<char*> argv, envp;
      for (const auto& word : words) {
        argv.push_back(const_cast<char*>(word.c_str()));
      }
      for (const auto& entry : entries) {
        envp.push_back(const_cast<char*>(entry.c_str()));
      }
      argv.push_back(nullptr);
      envp.push_back(nullptr);
      if (::chdir(folder.c_str()) == 0) {
        ::execve(argv[0], argv.data(), envp.data());
      }
      ::_exit(121);
    }
  }
  ~Window() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(master_);
    ::close(worker_);
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void type(const std::string& text) const { (void)!::write(master_, text.data(), text.size()); }
  void resize(unsigned short rows, unsigned short columns) const {
    winsize size{rows, columns, 0, 0};
    ::ioctl(master_, TIOCSWINSZ, &size);
  }
  bool await(const std::string& text) {
    return eventually([&] {
      pump();
      return screen_.find(text) != std::string::npos;
    });
  }
  int wait() {
    int status = 0;
    const bool ended = eventually([&] {
      pump();
      return ::waitpid(pid_, &status, WNOHANG) == pid_;
    });
    REQUIRE(ended);
    pid_ = -1;
    pump();
    return paddock::os::exit_code(status);
  }
  /// Whether the terminal is as it was before paddock.
  bool restored() const {
    termios now{};
    ::tcgetattr(worker_, &now);
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag &&
           now.c_oflag == before_.c_oflag;
  }
  const std::string& screen() const { return screen_; }
  pid_t pid() const { return pid_; }

 private:
  void pump() {
    std::array<char, 4096> buffer{};
    pollfd readable{master_, POLLIN, 0};
    while (::poll(&readable, 1, 10) > 0) {
      const ssize_t got = ::read(master_, buffer.data(), buffer.size());
      if (got <= 0) {
        return;
      }
      screen_.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

  int master_ = -1, worker_ = -1;
  pid_t pid_ = -1;
  termios before_{};
  std::string screen_;
};

}  // namespace

TEST_CASE("terminal: the workload has one of its own, of the same size", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(
      world,
      {"run", "quickstart", "--", "sh", "-c",
       "test -t 0 && test -t 1 && test -t 2 && echo three; stty size; tty; echo term=$TERM"});
  CHECK(window.wait() == 0);
  INFO(window.screen());
  CHECK(window.screen().find("three\r\n") != std::string::npos);
  CHECK(window.screen().find("33 77\r\n") != std::string::npos);
  CHECK(window.screen().find("term=xterm") != std::string::npos);
  CHECK(window.restored());
}

TEST_CASE("terminal: the proof is announced before the workload speaks", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world, {"run", "--name", "box", "quickstart", "--", "echo", "hello"});
  CHECK(window.wait() == 0);
  const auto proved = window.screen().find("paddock: box: proved ");
  CHECK(proved != std::string::npos);
  CHECK(window.screen().find("hello") > proved);
}

TEST_CASE("terminal: a change of the window's size arrives", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world,
                {"run", "quickstart", "--", "sh", "-c",
                 "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done"});
  REQUIRE(window.await("ready"));
  window.resize(44, 99);
  CHECK(window.wait() == 0);
  CHECK(window.screen().find("44 99") != std::string::npos);
}

TEST_CASE("terminal: Ctrl-C is the workload's", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world,
                {"run", "quickstart", "--", "sh", "-c",
                 "trap 'echo caught; exit 6' INT; echo ready; while :; do sleep 0.05; done"});
  REQUIRE(window.await("ready"));
  window.type("\x03");
  CHECK(window.wait() == 6);
  CHECK(window.screen().find("caught") != std::string::npos);
  CHECK(window.restored());
}

TEST_CASE("terminal: a shell inside has job control", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world, {"run", "quickstart", "--", "bash", "--norc", "-i"});
  window.type("echo pid=$((1+1))\n");
  REQUIRE(window.await("pid=2"));
  window.type("sleep 1000\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  window.type("\x1a");
  REQUIRE(window.await("Stopped"));
  window.type("kill %1; echo jobs=$((3+4))\n");
  REQUIRE(window.await("jobs=7"));
  window.type("exit 3\n");
  CHECK(window.wait() == 3);
  CHECK(window.screen().find("no job control") == std::string::npos);
  CHECK(window.restored());
}

TEST_CASE("terminal: is restored when paddock is ended by a signal", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world, {"run", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
  REQUIRE(window.await("ready"));
  CHECK_FALSE(window.restored());
  ::kill(window.pid(), SIGTERM);
  CHECK(window.wait() == 143);
  CHECK(window.restored());
}

TEST_CASE("terminal: much output and input at once do not lock up", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Window window(world,
                {"run", "quickstart", "--", "sh", "-c",
                 "stty -echo -icanon; echo ready; head -c 200000 /dev/zero | tr '\\0' x; echo; "
                 "head -c 20000 | wc -c; echo end"});
  REQUIRE(window.await("ready"));
  std::thread typist([&] { window.type(std::string(20000, 'k')); });
  CHECK(window.await("20000"));
  typist.join();
  CHECK(window.wait() == 0);
}

TEST_CASE("terminal: exec gets one too", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  Started box = world.start(
      {"run", "--name", "box", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
  REQUIRE(box.await_output("ready"));
  Window window(world, {"exec", "box", "--", "sh", "-c", "tty; stty size; exit 4"});
  CHECK(window.wait() == 4);
  INFO(window.screen());
  CHECK(window.screen().find("33 77") != std::string::npos);
  CHECK(window.restored());
}
