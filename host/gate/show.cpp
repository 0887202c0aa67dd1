// Files of the kernel that the gate runs on, where that is not the host's: its /proc is then seen
// from inside alone.
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "channel.hpp"
#include "protocol.h"
#include "verbs.hpp"

namespace gate {
namespace {

constexpr unsigned kShownMax = 60u << 10;  // two digits a byte have to fit in a reply

void reply_byte(unsigned char byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  const char text[] = {kDigits[byte >> 4], kDigits[byte & 15], 0};
  reply_text(text);
}

/// 0, or errno.
int reply_content(int fd) {
  unsigned char bytes[1024];
  for (unsigned sent = 0;;) {
    const ssize_t n = read(fd, bytes, sizeof bytes);
    if (n <= 0) {
      return n == 0 ? 0 : errno;
    }
    sent += static_cast<unsigned>(n);
    if (sent > kShownMax) {
      return EFBIG;
    }
    for (ssize_t i = 0; i < n; ++i) {
      reply_byte(bytes[i]);
    }
  }
}

}  // namespace

void show(Fields fields) {
  const char* path = fields.text();
  if (fields.bad || fields.at != fields.end) {
    die("show is malformed", 0, PADDOCK_GATE_EXIT_FAILED);
  }
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  int error = fd < 0 ? errno : 0;
  reply_text("{\"shown\":\"");
  if (fd >= 0) {
    error = reply_content(fd);
    close(fd);
  }
  reply_text("\",\"errno\":");
  reply_number(error);
  reply_text("}");
  reply_send();
}

}  // namespace gate
