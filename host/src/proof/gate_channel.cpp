#include "proof/gate_channel.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "proof/gate_frames.hpp"
#include "proof/gate_reply.hpp"
#include "protocol.h"

namespace paddock::proof {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Settings take microseconds; a gate that needs longer hangs.
constexpr auto kConfigureDeadline = 10s;
/// execve(2) may have to read the program from a slow disk.
constexpr auto kReleaseDeadline = 60s;

Failure closed() {
  return fail(ErrorCode::kGate, "the gate closed its channel before the hand-over",
              "the sandbox's first process ended; its output above may say why");
}

Result<void> wait_for(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd entry{fd, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready > 0) {
      return {};
    }
    if (ready == 0) {
      return fail(ErrorCode::kTimeout, "the gate did not answer in time");
    }
    if (errno != EINTR) {
      return fail_errno(errno, "cannot wait for the gate");
    }
  }
}

/// Reads up to `size` bytes more; false at end of file. A reset is an end too.
Result<bool> read_all(int fd, char* to, std::size_t size, Clock::time_point deadline) {
  for (std::size_t got = 0; got < size;) {
    if (auto ready = wait_for(fd, POLLIN, deadline); !ready) {
      return fail_as(ready);
    }
    const ssize_t n = ::recv(fd, to + got, size - got, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno == ECONNRESET)) {
      return false;
    }
    if (n < 0 && errno != EINTR && errno != EAGAIN) {
      return fail(ErrorCode::kGate,
                  std::string("cannot read from the gate: ") + std::strerror(errno));
    }
    got += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
  return true;
}

Failure cannot_release(const GateFailure& failure, const contract::Process& process) {
  const std::string command = printable(process.command.empty() ? "" : process.command.front());
  const std::string reason = std::strerror(failure.number);
  if (failure.text == "cwd") {
    return fail(ErrorCode::kCannotExecute,
                "cannot enter '" + printable(process.cwd) + "' in the sandbox: " + reason);
  }
  if (failure.text == "interpreter") {
    return fail(ErrorCode::kCannotExecute,
                "cannot execute '" + command + "': its interpreter is not in the sandbox");
  }
  if (failure.text == "command" && (failure.number == ENOENT || failure.number == ENOTDIR)) {
    return fail(ErrorCode::kCommandNotFound, "no command '" + command + "' in the sandbox");
  }
  if (failure.text == "command") {
    return fail(ErrorCode::kCannotExecute, "cannot execute '" + command + "': " + reason);
  }
  if (failure.text == "fork") {
    return fail(ErrorCode::kGate, "the gate cannot start the command: " + reason,
                "a limit on processes that is reached at once looks like this");
  }
  return fail(ErrorCode::kGate, "the gate gave up: " + failure.text);
}

}  // namespace

Result<std::pair<GateChannel, os::UniqueFd>> GateChannel::create() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail_errno(errno, "cannot make the gate's channel");
  }
  GateChannel ours{os::UniqueFd(ends[0])};
  os::UniqueFd theirs(ends[1]);
  struct stat end {};
  if (::fstat(theirs.get(), &end) != 0) {
    return fail_errno(errno, "cannot look at the gate's channel");
  }
  ours.peer_inode_ = end.st_ino;
  return std::pair(std::move(ours), std::move(theirs));
}

Result<void> GateChannel::send(std::string_view frame, Clock::time_point deadline) {
  while (!frame.empty()) {
    const ssize_t n = ::send(fd_.get(), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      frame.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      if (auto ready = wait_for(fd_.get(), POLLOUT, deadline); !ready) {
        return ready;
      }
    } else if (errno != EINTR) {
      return closed();
    }
  }
  return {};
}

Result<std::string> GateChannel::receive(Clock::time_point deadline) {
  unsigned char header[4];
  auto more = read_all(fd_.get(), reinterpret_cast<char*>(header), sizeof header, deadline);
  if (!more || !*more) {
    return more ? Result<std::string>(std::string()) : Result<std::string>(fail_as(more));
  }
  const std::size_t length = header[0] | static_cast<std::size_t>(header[1]) << 8 |
                             static_cast<std::size_t>(header[2]) << 16 |
                             static_cast<std::size_t>(header[3]) << 24;
  if (length == 0 || length > PADDOCK_GATE_FRAME_MAX) {
    return fail(ErrorCode::kGate, "the gate sent a frame of " + std::to_string(length) + " bytes");
  }
  std::string json(length, '\0');
  more = read_all(fd_.get(), json.data(), length, deadline);
  if (!more) {
    return fail_as(more);
  }
  return *more ? Result<std::string>(std::move(json)) : Result<std::string>(closed());
}

Result<void> GateChannel::await_hello(std::chrono::milliseconds deadline) {
  const auto reply = receive(Clock::now() + deadline);
  if (!reply) {
    return fail_as(reply);
  }
  return reply->empty() ? Result<void>(closed()) : read_hello(*reply);
}

Result<void> GateChannel::confirm() {
  for (; unconfirmed_ > 0; --unconfirmed_) {
    const auto reply = receive(Clock::now() + kConfigureDeadline);
    if (!reply) {
      return fail_as(reply);
    }
    if (auto done = reply->empty() ? Result<void>(closed()) : read_ok(*reply); !done) {
      return done;
    }
  }
  return {};
}

Result<void> GateChannel::tell(std::string_view frame) {
  ++unconfirmed_;
  return send(frame, Clock::now() + kConfigureDeadline);
}

Result<void> GateChannel::give(const contract::Process& process) {
  auto frame = hold_frame(process);
  if (!frame || *frame == held_) {
    return frame ? Result<void>{} : fail_as(frame);
  }
  held_ = std::move(*frame);
  return tell(held_);
}

Result<void> GateChannel::begin(const contract::Plan& plan) {
  auto told = tell(configure_frame(plan));
  return told ? give(plan.process) : told;
}

Result<void> GateChannel::configure(const contract::Plan& plan) {
  auto told = tell(configure_frame(plan));
  return told ? confirm() : told;
}

Result<void> GateChannel::hold(const contract::Process& process) {
  auto given = give(process);
  return given ? confirm() : given;
}

Result<void> GateChannel::start(const std::vector<Probe>& probes,
                                std::chrono::milliseconds deadline) {
  return send(probe_frame(probes), Clock::now() + deadline);
}

Result<std::vector<ProbeResult>> GateChannel::finish(const std::vector<Probe>& probes,
                                                     std::chrono::milliseconds deadline) {
  if (auto confirmed = confirm(); !confirmed) {
    return fail_as(confirmed);
  }
  const auto reply = receive(Clock::now() + deadline);
  if (!reply) {
    return fail_as(reply);
  }
  if (reply->empty()) {
    return closed();
  }
  return read_results(*reply, probes);
}

Result<std::vector<ProbeResult>> GateChannel::run(const std::vector<Probe>& probes,
                                                  std::chrono::milliseconds deadline) {
  if (auto started = start(probes, deadline); !started) {
    return fail_as(started);
  }
  return finish(probes, deadline);
}

Result<std::string> GateChannel::show(const std::string& path, std::chrono::milliseconds deadline) {
  if (auto confirmed = confirm(); !confirmed) {
    return fail_as(confirmed);
  }
  if (auto sent = send(show_frame(path), Clock::now() + deadline); !sent) {
    return fail_as(sent);
  }
  const auto reply = receive(Clock::now() + deadline);
  if (!reply) {
    return fail_as(reply);
  }
  return reply->empty() ? Result<std::string>(closed()) : read_shown(*reply, path);
}

Result<void> GateChannel::release(const contract::Process& process) {
  if (auto held = hold(process); !held) {
    return held;
  }
  const auto deadline = Clock::now() + kReleaseDeadline;
  if (auto sent = send(release_frame(), deadline); !sent) {
    return sent;
  }
  const auto reply = receive(deadline);
  if (!reply) {
    return fail_as(reply);
  }
  if (reply->empty()) {
    return {};  // close-on-exec: the command runs
  }
  const auto failure = read_failure(*reply);
  return failure ? Result<void>(cannot_release(*failure, process)) : Result<void>(fail_as(failure));
}

}  // namespace paddock::proof
