#include "support/engine/handover.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace paddock::engine {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kDeadline{20};
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

pid_t peer_of(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
}

Result<void> send_descriptors(int to, const contract::GateSpec& gate) {
  const std::array<int, 4> descriptors = {gate.channel, gate.stdin_fd, gate.stdout_fd,
                                          gate.stderr_fd};
  char byte = 0;
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

}  // namespace

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

Result<pid_t> Handover::give(const std::function<bool(pid_t)>& is_meant,
                             const contract::GateSpec& gate,
                             const std::function<bool()>& alive) {
  const auto end = Clock::now() + kDeadline;
  while (Clock::now() < end) {
    pollfd polled{fd_.get(), POLLIN, 0};
    if (::poll(&polled, 1, kSliceMs) <= 0) {
      if (!alive()) {
        return fail(ErrorCode::kBackendRefused, "the container ended at once");
      }
      continue;
    }
    const support::UniqueFd peer(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const pid_t who = peer ? peer_of(peer.get()) : 0;
    if (who > 0 && is_meant(who)) {
      const auto sent = send_descriptors(peer.get(), gate);
      return sent ? Result<pid_t>(who) : fail_as(sent);
    }
  }
  return fail(ErrorCode::kTimeout, "the gate in the container does not report");
}

}  // namespace paddock::engine
