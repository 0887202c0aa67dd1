#include "support/engine/handover.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace paddock::engine {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kDeadline{20};
constexpr std::chrono::seconds kPatience{2};
constexpr int kSliceMs = 100;

/// By way of a descriptor of the directory: the whole path may be longer than an address holds.
bool bind_in(int socket, const std::string& directory, const std::string& name) {
  const support::UniqueFd place(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const std::string path = "/proc/self/fd/" + std::to_string(place.get()) + "/" + name;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!place || path.size() >= sizeof address.sun_path) {
    return false;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  ::unlink(path.c_str());
  // Whoever the workload is, it may connect: no other user gets into the directory.
  return ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
         ::chmod(path.c_str(), 0666) == 0;
}

/// As gate/protocol.h has them.
char terminals_of(const contract::GateSpec& gate) {
  return static_cast<char>(::isatty(gate.stdin_fd) | ::isatty(gate.stdout_fd) << 1 |
                           ::isatty(gate.stderr_fd) << 2);
}

Result<void> send_descriptors(int to, const contract::GateSpec& gate) {
  const std::array<int, 4> descriptors = {gate.channel, gate.stdin_fd, gate.stdout_fd,
                                          gate.stderr_fd};
  char byte = terminals_of(gate);
  iovec data{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof descriptors)] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptors);
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
  return ::sendmsg(to, &message, MSG_NOSIGNAL) == 1
             ? Result<void>{}
             : Result<void>(fail_errno(errno, "cannot hand descriptors to the gate"));
}

/// Whether `peer` says just that, soon. The time that it takes tells nothing of how much was right.
bool says(int peer, std::string_view secret) {
  const auto end = Clock::now() + kPatience;
  std::string heard;
  while (heard.size() < secret.size()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    pollfd polled{peer, POLLIN, 0};
    char bytes[64];
    if (left.count() <= 0 || ::poll(&polled, 1, static_cast<int>(left.count())) <= 0) {
      return false;
    }
    const ssize_t got =
        ::recv(peer, bytes, std::min(sizeof bytes, secret.size() - heard.size()), 0);
    if (got <= 0) {
      return false;
    }
    heard.append(bytes, static_cast<std::size_t>(got));
  }
  unsigned difference = 0;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    difference |= static_cast<unsigned char>(heard[i] ^ secret[i]);
  }
  return difference == 0;
}

}  // namespace

pid_t peer_of(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
}

Result<Handover> Handover::listen(const std::string& directory) {
  support::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || !bind_in(fd.get(), directory, "socket") || ::listen(fd.get(), 4) != 0) {
    return fail_errno(errno, "cannot listen in '" + directory + "'");
  }
  return Handover(std::move(fd), directory + "/socket");
}

Handover::~Handover() {
  if (fd_) {
    ::unlink(path_.c_str());
  }
}

Result<void> Handover::give(pid_t pid,
                            const contract::GateSpec& gate,
                            const std::function<bool()>& alive) {
  const auto given = give([pid](pid_t peer) { return peer == pid; }, gate, alive);
  return given ? Result<void>{} : fail_as(given);
}

Result<support::UniqueFd> Handover::next(const std::function<bool()>& alive) const {
  pollfd polled{fd_.get(), POLLIN, 0};
  if (::poll(&polled, 1, kSliceMs) > 0) {
    return support::UniqueFd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  return alive() ? Result<support::UniqueFd>(support::UniqueFd())
                 : fail(ErrorCode::kBackendRefused, "the gate in the container ended at once");
}

Result<pid_t> Handover::give(const std::function<bool(pid_t)>& is_meant,
                             const contract::GateSpec& gate,
                             const std::function<bool()>& alive) {
  const auto end = Clock::now() + kDeadline;
  while (Clock::now() < end) {
    const auto peer = next(alive);
    if (!peer) {
      return fail_as(peer);
    }
    const pid_t who = *peer ? peer_of(peer->get()) : 0;
    if (who > 0 && is_meant(who)) {
      const auto sent = send_descriptors(peer->get(), gate);
      return sent ? Result<pid_t>(who) : fail_as(sent);
    }
  }
  return fail(ErrorCode::kTimeout, "the gate in the container does not report");
}

Result<support::UniqueFd> Handover::give_for(std::string_view secret,
                                             const std::function<bool(pid_t)>& is_meant,
                                             const contract::GateSpec& gate,
                                             const std::function<bool()>& alive) {
  const auto end = Clock::now() + kDeadline;
  while (Clock::now() < end) {
    auto peer = next(alive);
    if (!peer) {
      return peer;
    }
    if (*peer && is_meant(peer_of(peer->get())) && says(peer->get(), secret)) {
      const auto sent = send_descriptors(peer->get(), gate);
      return sent ? std::move(peer) : fail_as(sent);
    }
  }
  return fail(ErrorCode::kTimeout, "the gate in the container does not report");
}

Result<support::UniqueFd> take_turn(const std::string& runtime_dir) {
  support::UniqueFd fd(::open(runtime_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  while (fd && ::flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) {
      fd.reset();
    }
  }
  return fd ? Result<support::UniqueFd>(std::move(fd))
            : fail_errno(errno, "cannot lock '" + runtime_dir + "'");
}

}  // namespace paddock::engine
