#include "host/gate/gate_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

#include "os/process.hpp"

namespace paddock::test {

using namespace std::chrono_literals;

std::string gate_program() {
  return PADDOCK_BUILD_DIR "/libexec/paddock/paddock-gate";
}

GateProcess::GateProcess(const GateOptions& options) {
  auto channel = proof::GateChannel::create();
  int output[2];
  const os::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!channel || ::pipe2(output, O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot prepare a gate");
  }
  output_.reset(output[0]);
  const os::UniqueFd writing(output[1]);
  os::SpawnOptions spawn;
  spawn.argv = options.launcher;
  spawn.argv.push_back(options.gate.empty() ? gate_program() : options.gate);
  spawn.argv.emplace_back("9");
  spawn.environment = {"PATH=/usr/bin:/bin"};
  spawn.descriptors = {{options.stdin_fd < 0 ? null.get() : options.stdin_fd, 0},
                       {writing.get(), 1},
                       {writing.get(), 2},
                       {channel->second.get(), 9}};
  if (options.extra_fd >= 0) {
    spawn.descriptors.emplace_back(options.extra_fd, 12);
  }
  const auto child = os::spawn(spawn);
  if (!child) {
    throw std::runtime_error(child.error().what);
  }
  pid_ = child->pid();
  channel_ = std::move(channel->first);
}

GateProcess::~GateProcess() {
  kill();
}

void GateProcess::kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
}

int GateProcess::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return os::exit_code(status);
}

std::string GateProcess::output() {
  std::string text;
  char bytes[4096];
  for (ssize_t n = 0; (n = ::read(output_.get(), bytes, sizeof bytes)) > 0;) {
    text.append(bytes, static_cast<std::size_t>(n));
  }
  return text;
}

void greet(GateProcess& gate) {
  if (const auto hello = gate.channel().await_hello(10s); !hello) {
    throw std::runtime_error(hello.error().what + ": " + gate.output());
  }
}

contract::Process command(std::vector<std::string> words) {
  contract::Process process;
  process.command = std::move(words);
  process.environment = {{"PATH", "/usr/bin:/bin"}};
  process.init = false;
  return process;
}

}  // namespace paddock::test
