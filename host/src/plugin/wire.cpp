#include "plugin/wire.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace paddock::plugin {
namespace {

constexpr std::size_t kHeadBytes = 5;

/// Asked at every step and not only while waiting: an end that never stops sending keeps no reader
/// past its deadline.
Result<void> check_time(Deadline deadline) {
  if (deadline && std::chrono::steady_clock::now() >= *deadline) {
    return fail(ErrorCode::kTimeout, "no answer in time");
  }
  return {};
}

/// Waits for the socket; an infinite deadline waits for ever.
Result<void> await(int socket, short events, Deadline deadline) {
  for (;;) {
    int timeout_ms = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          *deadline - std::chrono::steady_clock::now());
      timeout_ms = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    }
    pollfd item{socket, events, 0};
    const int ready = ::poll(&item, 1, timeout_ms);
    if (ready > 0) {
      return {};
    }
    if (ready == 0) {
      return fail(ErrorCode::kTimeout, "no answer in time");
    }
    if (errno != EINTR) {
      return fail_errno(errno, "cannot wait for a plugin's process");
    }
  }
}

/// A control message with room for the descriptors of one frame.
struct Ancillary {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxFrameDescriptors)> bytes{};

  void put(msghdr& message, const std::vector<int>& descriptors) {
    const std::size_t size = sizeof(int) * descriptors.size();
    message.msg_control = bytes.data();
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(head), descriptors.data(), size);
  }

  static void take(msghdr& message, std::vector<os::UniqueFd>& out) {
    for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
         head = CMSG_NXTHDR(&message, head)) {
      if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) {
        continue;
      }
      const std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      for (std::size_t i = 0; i < count; ++i) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(head) + i * sizeof(int), sizeof(int));
        out.emplace_back(fd);
      }
    }
  }
};

Result<std::size_t> send_some(int socket,
                              std::string_view bytes,
                              const std::vector<int>& descriptors,
                              Deadline deadline) {
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};  // sendmsg does not write to it
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  Ancillary ancillary;
  if (!descriptors.empty()) {
    ancillary.put(message, descriptors);
  }
  for (;;) {
    if (auto time = check_time(deadline); !time) {
      return fail_as(time);
    }
    const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      return static_cast<std::size_t>(sent);
    }
    if (errno != EAGAIN && errno != EINTR) {
      return fail_errno(errno, "cannot write to a plugin's process");
    }
    if (auto ready = await(socket, POLLOUT, deadline); !ready) {
      return fail_as(ready);
    }
  }
}

/// Fills `bytes`; false when the stream ends before that.
Result<bool> receive_all(int socket,
                         char* bytes,
                         std::size_t size,
                         std::vector<os::UniqueFd>& descriptors,
                         Deadline deadline) {
  while (size > 0) {
    if (auto time = check_time(deadline); !time) {
      return fail_as(time);
    }
    iovec piece{bytes, size};
    Ancillary ancillary;
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = ancillary.bytes.data();
    message.msg_controllen = ancillary.bytes.size();
    const ssize_t got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got > 0) {
      Ancillary::take(message, descriptors);
      bytes += got;
      size -= static_cast<std::size_t>(got);
      continue;
    }
    if (got == 0 || errno == ECONNRESET) {
      return false;
    }
    if (errno != EAGAIN && errno != EINTR) {
      return fail_errno(errno, "cannot read from a plugin's process");
    }
    if (auto ready = await(socket, POLLIN, deadline); !ready) {
      return fail_as(ready);
    }
  }
  return true;
}

}  // namespace

Result<void> await_frame(int socket, Deadline deadline) {
  return await(socket, POLLIN, deadline);
}

Result<void> send_frame(int socket,
                        FrameKind kind,
                        std::string_view body,
                        const std::vector<int>& descriptors,
                        Deadline deadline) {
  std::string bytes;
  bytes.reserve(kHeadBytes + body.size());
  for (int shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>((body.size() >> shift) & 0xFF));
  }
  bytes.push_back(static_cast<char>(kind));
  bytes.append(body);
  std::string_view rest = bytes;
  std::vector<int> first = descriptors;
  while (!rest.empty()) {
    const auto sent = send_some(socket, rest, first, deadline);
    if (!sent) {
      return fail_as(sent);
    }
    rest.remove_prefix(*sent);
    first.clear();
  }
  return {};
}

Result<std::optional<Frame>> receive_frame(int socket, Deadline deadline) {
  std::array<char, kHeadBytes> head{};
  Frame frame;
  const auto started = receive_all(socket, head.data(), head.size(), frame.descriptors, deadline);
  if (!started || !*started) {
    return started ? Result<std::optional<Frame>>(std::nullopt) : fail_as(started);
  }
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>(head[i])) << (8 * i);
  }
  if (size > kMaxFrameBytes) {
    return fail(ErrorCode::kPluginMisbehaved, "a frame of " + std::to_string(size) + " bytes");
  }
  frame.kind = static_cast<FrameKind>(head[4]);
  frame.body.resize(size);
  const auto whole = receive_all(socket, frame.body.data(), size, frame.descriptors, deadline);
  if (!whole || !*whole) {
    return whole ? Result<std::optional<Frame>>(std::nullopt) : fail_as(whole);
  }
  return std::optional<Frame>(std::move(frame));
}

}  // namespace paddock::plugin
