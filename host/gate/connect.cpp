#include "connect.hpp"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "leash.hpp"
#include "protocol.h"

namespace gate {
namespace {

constexpr int kDescriptors = 4;  // the channel, then 0, 1 and 2
unsigned terminal_set = 0;

/// One byte, and with it the descriptors.
void receive(int fd, int (&descriptors)[kDescriptors]) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof descriptors)] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  do {
    got = recvmsg(fd, &message, 0);
  } while (got < 0 && errno == EINTR);
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (got != 1 || header == nullptr || header->cmsg_type != SCM_RIGHTS ||
      header->cmsg_len != CMSG_LEN(sizeof descriptors)) {
    give_up("the descriptors do not come");
  }
  memcpy(descriptors, CMSG_DATA(header), sizeof descriptors);
  terminal_set = static_cast<unsigned char>(byte);
}

}  // namespace

unsigned terminals() {
  return terminal_set;
}

void give_up(const char* text) {
  [[maybe_unused]] ssize_t ignored = write(2, "paddock-gate: ", 14);
  ignored = write(2, text, strlen(text));
  ignored = write(2, "\n", 1);
  _exit(PADDOCK_GATE_EXIT_FAILED);
}

int connect_to(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const size_t length = strlen(path);
  if (length >= sizeof address.sun_path) {
    give_up("the socket's path is too long");
  }
  memcpy(address.sun_path, path, length);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    give_up("nobody waits for this gate");
  }
  return fd;
}

int take_from(int fd) {
  int descriptors[kDescriptors];
  receive(fd, descriptors);
  for (int stream = 0; stream < 3; ++stream) {
    if (dup2(descriptors[stream + 1], stream) < 0) {
      give_up("the streams cannot be taken");
    }
  }
  return descriptors[0];
}

int take_channel(const char* path, bool keep_leash) {
  const int fd = connect_to(path);
  const int channel = take_from(fd);
  if (keep_leash) {
    take_leash(fd);
  } else {
    close(fd);
  }
  return channel;
}

}  // namespace gate
