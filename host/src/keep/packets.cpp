// The socket under control.hpp's packets.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "keep/control.hpp"

namespace paddock::keep {
namespace {

constexpr std::size_t kMaxPacket = 65536;
constexpr std::size_t kMaxDescriptors = 3;

/// By way of a descriptor of the directory: the whole path may be longer than an address holds.
struct Address {
  os::UniqueFd directory;
  sockaddr_un name{};
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

Result<Address> address_in(const std::filesystem::path& directory, const std::string& name) {
  Address address{os::UniqueFd(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), {}};
  const std::string path = "/proc/self/fd/" + std::to_string(address.directory.get()) + "/" + name;
  address.name.sun_family = AF_UNIX;
  if (!address.directory || path.size() >= sizeof address.name.sun_path) {
    return fail_errno(errno, "cannot open '" + directory.string() + "'");
  }
  std::memcpy(address.name.sun_path, path.c_str(), path.size() + 1);
  return address;
}

os::UniqueFd make_socket() {
  return os::UniqueFd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

void take_descriptors(msghdr& message, Packet& packet) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      packet.descriptors.emplace_back(fd);
    }
  }
}

}  // namespace

Result<void> send_packet(int socket, std::string_view text, const std::vector<int>& descriptors) {
  std::string copy(text);
  iovec data{copy.data(), copy.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  const std::size_t size = descriptors.size() * sizeof(int);
  if (size != 0) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(header), descriptors.data(), size);
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) >= 0
             ? Result<void>{}
             : fail_errno(errno, "cannot talk to the sandbox's keeper");
}

Result<Packet> receive_packet(int socket) {
  Packet packet;
  packet.text.resize(kMaxPacket);
  iovec data{packet.text.data(), packet.text.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  bool reset = false;  // told once, before what the other side had said: it closed unheard packets
  do {
    reset = got < 0 && errno == ECONNRESET;
    got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && (errno == EINTR || (errno == ECONNRESET && !reset)));
  if (got < 0 && errno != ECONNRESET) {
    return fail_errno(errno, "cannot hear the sandbox's keeper");
  }
  take_descriptors(message, packet);
  packet.text.resize(static_cast<std::size_t>(got < 0 ? 0 : got));
  return packet;
}

Result<os::UniqueFd> listen_in(const std::filesystem::path& directory, const std::string& name) {
  const auto address = address_in(directory, name);
  if (!address) {
    return fail_as(address);
  }
  os::UniqueFd fd = make_socket();
  ::unlink(address->name.sun_path);
  if (!fd || ::bind(fd.get(), address->get(), sizeof address->name) != 0 ||
      ::listen(fd.get(), 64) != 0) {
    return fail_errno(errno, "cannot listen in '" + directory.string() + "'");
  }
  return fd;
}

Result<os::UniqueFd> connect_in(const std::filesystem::path& directory, const std::string& name) {
  const auto address = address_in(directory, name);
  if (!address) {
    return fail_as(address);
  }
  os::UniqueFd fd = make_socket();
  if (!fd || ::connect(fd.get(), address->get(), sizeof address->name) != 0) {
    return fail_errno(errno, "cannot reach the sandbox's keeper");
  }
  return fd;
}

uid_t peer_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.uid
                                                                          : static_cast<uid_t>(-1);
}

}  // namespace paddock::keep
