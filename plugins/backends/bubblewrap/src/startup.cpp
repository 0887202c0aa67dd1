#include "startup.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "arguments.hpp"
#include "layout.hpp"
#include "record.hpp"
#include "scope.hpp"
#include "userns.hpp"

namespace paddock::bubblewrap {
namespace {

constexpr int kDeadlineMs = 20000;

struct Pipe {
  support::UniqueFd reading, writing;
};

Result<Pipe> make_pipe(int flags) {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC | flags) != 0) {
    return fail_errno(errno, "cannot make a pipe");
  }
  return Pipe{support::UniqueFd(fds[0]), support::UniqueFd(fds[1])};
}

// bwrap reads one byte of --block-fd when the sandbox is built, just before it executes the gate.
// The pipe has room for one packet and holds it, so it can be written to again once bwrap has
// read it: that is how this side learns the moment, without making bwrap wait.
Result<Pipe> make_milestone() {
  auto pipe = make_pipe(O_DIRECT);
  if (pipe && (::fcntl(pipe->writing.get(), F_SETPIPE_SZ, 4096) < 0 ||
               ::write(pipe->writing.get(), "", 1) != 1)) {
    return fail_errno(errno, "cannot prepare a pipe");
  }
  return pipe;
}

/// kReadable: `fd` is ready; otherwise bwrap has ended or the time is over.
enum class Waited { kReady, kEnded, kTimeout };

Waited wait_for(int fd, short events, const support::Child& child) {
  pollfd polled[2] = {{fd, events, 0}, {child.pidfd.get(), POLLIN, 0}};
  int count = 0;
  do {
    count = ::poll(polled, 2, kDeadlineMs);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) {
    return Waited::kTimeout;
  }
  return (polled[0].revents & events) != 0 ? Waited::kReady : Waited::kEnded;
}

std::string words_of(int memfd) {
  std::string text(2048, '\0');
  const ssize_t got = ::pread(memfd, text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

Failure refusal(Waited waited, const std::string& bwrap, const std::string& words) {
  if (waited == Waited::kTimeout) {
    return fail(ErrorCode::kTimeout, "bwrap did not build the sandbox in 20 seconds");
  }
  Failure failure = fail(ErrorCode::kBackendRefused, "bwrap could not build the sandbox");
  if (const auto obstacle = userns_obstacle(this_machine(bwrap), true)) {
    failure.value().what += ": " + obstacle->reason;
    failure.value().hints.push_back(obstacle->remedy);
  }
  if (!words.empty()) {
    failure.value().context.push_back(words);
  }
  return failure;
}

// "child-pid": N, the first number that bwrap reports on --info-fd.
pid_t child_pid(const std::string& info) {
  const std::size_t key = info.find("\"child-pid\":");
  return key == std::string::npos ? 0 : std::atoi(info.c_str() + key + 12);
}

Waited read_child_pid(int fd, Running& running) {
  std::string info;
  while (running.gate == 0) {
    const Waited waited = wait_for(fd, POLLIN, running.monitor());
    char bytes[512];
    const ssize_t got = waited == Waited::kReady ? ::read(fd, bytes, sizeof bytes) : 0;
    if (got <= 0) {
      return waited == Waited::kTimeout ? waited : Waited::kEnded;
    }
    info.append(bytes, static_cast<std::size_t>(got));
    if (info.find_first_of(",\n", info.find("child-pid")) != std::string::npos) {
      running.gate = child_pid(info);
    }
  }
  return Waited::kReady;
}

}  // namespace

Running::Running(Running&& other) noexcept : gate(other.gate), child_(std::move(other.child_)) {
  other.child_.pid = -1;
}

Running::~Running() {
  if (child_.pid > 0) {  // --die-with-parent takes the sandbox along
    ::kill(child_.pid, SIGKILL);
    ::waitpid(child_.pid, nullptr, 0);
  }
}

Result<Running> start_bwrap(Startup startup) {
  const contract::GateSpec& gate = startup.request.gate;
  auto args = arguments_for(startup.request.plan, startup.layout, gate.path);
  if (!args) {
    return fail_as(args);
  }
  auto info = make_pipe(0);
  auto milestone = make_milestone();
  // bwrap's complaints go to a memfd; the gate takes the real standard error over from a copy.
  support::UniqueFd words(::memfd_create("bwrap-stderr", MFD_CLOEXEC));
  support::UniqueFd errors(::fcntl(gate.stderr_fd, F_DUPFD_CLOEXEC, 3));
  if (!info || !milestone || !words || !errors) {
    return fail_errno(errno, "cannot prepare descriptors for bwrap");
  }
  args->add_fd("--info-fd", std::move(info->writing));
  args->add_fd("--block-fd", std::move(milestone->reading));
  auto options = args->as_memfd();
  if (!options) {
    return fail_as(options);
  }
  support::Launch& launch = startup.launch;
  launch.program = startup.bwrap;
  launch.argv = {"bwrap",
                 "--args",
                 std::to_string(options->get()),
                 "--",
                 kGateTarget,
                 std::to_string(gate.channel),
                 std::to_string(errors.get())};
  launch.stdio = {gate.stdin_fd, gate.stdout_fd, words.get()};
  launch.inherited = args->inherited();
  launch.inherited.insert(launch.inherited.end(), {options->get(), gate.channel, errors.get()});
  if (!startup.scope.empty()) {
    wrap_in_scope(launch, startup.request.plan.resources, startup.scope);
  }
  auto child = support::spawn(launch);
  if (!child) {
    return fail_as(child);
  }
  Running running(std::move(*child));
  *args = Arguments();  // closes this side's copies: the info pipe now ends with bwrap
  Waited waited = read_child_pid(info->reading.get(), running);
  if (waited == Waited::kReady) {
    waited = wait_for(milestone->writing.get(), POLLOUT, running.monitor());
  }
  if (waited != Waited::kReady) {
    return refusal(waited, startup.bwrap, words_of(words.get()));
  }
  return running;
}

}  // namespace paddock::bubblewrap
