// A program under way, and waiting for what it does.
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <utility>

#include "integration/world.hpp"
#include "os/process.hpp"

namespace paddock::test {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

Started::Started(pid_t pid, int in, int out, int err) : pid_(pid), in_(in), out_(out), err_(err) {}

Started::Started(Started&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      in_(std::exchange(other.in_, -1)),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)),
      out_text_(std::move(other.out_text_)),
      err_text_(std::move(other.err_text_)) {}

Started::~Started() {
  for (const int fd : {in_, out_, err_}) {
    if (fd >= 0) {
      ::close(fd);
    }
  }
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void Started::kill(int signal) const {
  ::kill(pid_, signal);
}

void Started::write(const std::string& text) const {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = ::write(in_, text.data() + done, text.size() - done);
    if (wrote < 0) {
      return;  // it closed its input
    }
    done += static_cast<std::size_t>(wrote);
  }
}

void Started::close_input() {
  ::close(std::exchange(in_, -1));
}

void Started::close_output() {
  ::close(std::exchange(out_, -1));
}

bool Started::pump(int timeout_ms) {
  std::array<pollfd, 2> polls{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  if (::poll(polls.data(), polls.size(), timeout_ms) <= 0) {
    return false;
  }
  const auto take = [](pollfd& ready, int& fd, std::string& text) {
    std::array<char, 65536> buffer{};
    if (ready.revents == 0) {
      return;
    }
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    } else {
      ::close(std::exchange(fd, -1));
    }
  };
  take(polls[0], out_, out_text_);
  take(polls[1], err_, err_text_);
  return true;
}

bool Started::await_output(const std::string& text) {
  const auto end = Clock::now() + std::chrono::seconds(30);
  while (out_text_.find(text) == std::string::npos && out_ >= 0 && Clock::now() < end) {
    pump(100);
  }
  return out_text_.find(text) != std::string::npos;
}

bool Started::await_exit(std::chrono::seconds deadline) {
  return eventually(
      [&] {
        siginfo_t info{};
        pump(0);
        return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               info.si_pid == pid_;
      },
      deadline);
}

Ran Started::wait() {
  const auto end = Clock::now() + std::chrono::seconds(60);
  while ((out_ >= 0 || err_ >= 0) && Clock::now() < end) {
    pump(100);
  }
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (Clock::now() > end) {
      return {-1, out_text_, err_text_ + "\n(did not end in 60 s)"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  pid_ = -1;
  return {os::exit_code(status), out_text_, err_text_};
}

bool eventually(const std::function<bool()>& condition, std::chrono::seconds deadline) {
  const auto end = Clock::now() + deadline;
  while (!condition()) {
    if (Clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

}  // namespace paddock::test
