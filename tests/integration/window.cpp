#include "integration/window.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "os/process.hpp"
#include "support/catch.hpp"

namespace paddock::test {

Window::Window(const World& world,
               const std::vector<std::string>& arguments,
               const std::function<void()>& redirect) {
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
    if (redirect) {
      redirect();
    }
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

Window::~Window() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  close();
}

void Window::close() {
  for (int* fd : {&worker_, &master_}) {
    if (*fd >= 0) {
      ::close(std::exchange(*fd, -1));
    }
  }
}

void Window::type(const std::string& text) const {
  (void)!::write(master_, text.data(), text.size());
}

void Window::resize(unsigned short rows, unsigned short columns) const {
  winsize size{rows, columns, 0, 0};
  ::ioctl(master_, TIOCSWINSZ, &size);
}

bool Window::await(const std::string& text) {
  return eventually([&] {
    pump();
    return screen_.find(text) != std::string::npos;
  });
}

int Window::wait() {
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

bool Window::restored() const {
  termios now{};
  ::tcgetattr(worker_, &now);
  return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag &&
         now.c_oflag == before_.c_oflag;
}

void Window::pump() {
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

}  // namespace paddock::test
