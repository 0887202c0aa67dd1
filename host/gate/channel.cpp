#include "channel.hpp"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "protocol.h"

namespace gate {
namespace {

int channel_fd = -1;
int spared[4];  // the leash, and three of a terminal
int spared_count = 0;
// Untouched pages of these cost nothing: the waiting gate stays far below 1 MB.
char frames[2 * PADDOCK_GATE_FRAME_MAX];  // one that is kept, and behind it the one just read
char* frame = frames;
unsigned frame_length = 0;
char reply[4 + (128 << 10)];
unsigned reply_length = 4;

/// Reads exactly `size` bytes; false at end of file before the first.
bool read_exactly(char* to, unsigned size, bool may_end) {
  for (unsigned got = 0; got < size;) {
    const ssize_t n = read(channel_fd, to + got, size - got);
    if (n > 0) {
      got += static_cast<unsigned>(n);
    } else if (n == 0 && (!may_end || got > 0)) {
      die("a frame is cut short", 0, PADDOCK_GATE_EXIT_FAILED);
    } else if (n == 0 || errno != EINTR) {
      return false;  // a reset channel is a closed one
    }
  }
  return true;
}

unsigned little_endian(const char* bytes) {
  unsigned value = 0;
  for (int i = 3; i >= 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

/// As getdents64(2) writes it.
struct Entry {
  unsigned long inode;
  long offset;
  unsigned short length;
  unsigned char type;
  char name[1];
};

bool close_entry(const Entry& entry, int list, unsigned first, unsigned last) {
  Fields reader{nullptr, nullptr};
  const long fd = reader.parse(entry.name, first, last < INT_MAX ? last : INT_MAX);
  return !reader.bad && entry.name[0] != '.' && fd != list && close(static_cast<int>(fd)) == 0;
}

/// One look at the whole list; whether any was closed.
bool close_entries(int list, unsigned first, unsigned last) {
  alignas(Entry) char entries[2048];
  bool closed = false;
  lseek(list, 0, SEEK_SET);
  for (long size = 0; (size = syscall(SYS_getdents64, list, entries, sizeof entries)) > 0;) {
    for (long at = 0; at < size;) {
      const auto& entry = *reinterpret_cast<const Entry*>(entries + at);
      closed = close_entry(entry, list, first, last) || closed;
      at += entry.length;
    }
  }
  return closed;
}

/// By what /proc lists; false without /proc.
bool close_listed(unsigned first, unsigned last) {
  const int list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (list < 0) {
    return false;
  }
  while (close_entries(list, first, last)) {  // some may have moved up while others went
  }
  close(list);
  return true;
}

void close_span(unsigned first, unsigned last) {
  if (first > last || syscall(SYS_close_range, first, last, 0) == 0) {
    return;
  }
  // Before Linux 5.9, and in gVisor, where a million calls for what is not open take seconds.
  if (close_listed(first, last)) {
    return;
  }
  // The number of descriptors is bounded by the limit that they were made under.
  const long open_max = sysconf(_SC_OPEN_MAX);
  for (unsigned fd = first; fd <= last && static_cast<long>(fd) < open_max; ++fd) {
    close(static_cast<int>(fd));
  }
}

/// The lowest from `from` on that stays open; INT_MAX: none.
int next_kept(int from, int other) {
  int next = other >= from ? other : INT_MAX;
  for (int i = 0; i < spared_count; ++i) {
    next = spared[i] >= from && spared[i] < next ? spared[i] : next;
  }
  return next;
}

/// Those from `from` on but the spared ones and `other`.
void close_but(int from, int other) {
  int kept = next_kept(from, other);
  for (; kept != INT_MAX; kept = next_kept(from, other)) {
    if (kept > from) {
      close_span(static_cast<unsigned>(from), static_cast<unsigned>(kept) - 1);
    }
    from = kept + 1;
  }
  close_span(static_cast<unsigned>(from), UINT_MAX);
}

}  // namespace

void open_channel(int fd) {
  channel_fd = fd;
  fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int channel() {
  return channel_fd;
}

Fields read_frame() {
  char header[4];
  if (!read_exactly(header, sizeof header, true)) {
    _exit(PADDOCK_GATE_EXIT_FAILED);
  }
  const unsigned length = little_endian(header);
  if (length == 0 || length > PADDOCK_GATE_FRAME_MAX) {
    die("a frame is empty or too long", 0, PADDOCK_GATE_EXIT_FAILED);
  }
  if (!read_exactly(frame, length, false)) {
    _exit(PADDOCK_GATE_EXIT_FAILED);
  }
  if (frame[length - 1] != 0) {
    die("a field does not end", 0, PADDOCK_GATE_EXIT_FAILED);
  }
  frame_length = length;
  return Fields{frame, frame + length};
}

void keep_frame() {
  frame = frames + frame_length;
}

void reply_text(const char* text) {
  for (; *text != 0 && reply_length < sizeof reply; ++text) {
    reply[reply_length++] = *text;
  }
}

void reply_number(long number) {
  char digits[kDecimalSize];
  reply_text(decimal(number, digits));
}

void reply_send() {
  const unsigned length = reply_length - 4;
  for (unsigned i = 0; i < 4; ++i) {
    reply[i] = static_cast<char>(length >> (8 * i));
  }
  for (unsigned sent = 0; sent < reply_length;) {
    const ssize_t n = send(channel_fd, reply + sent, reply_length - sent, MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) {
      _exit(PADDOCK_GATE_EXIT_FAILED);
    }
    sent += n > 0 ? static_cast<unsigned>(n) : 0;
  }
  reply_length = 4;
}

void die(const char* text, int number, int status) {
  reply_length = 4;
  reply_text("{\"error\":\"");
  reply_text(text);
  reply_text("\",\"errno\":");
  reply_number(number);
  reply_text("}");
  reply_send();
  _exit(status);
}

void spare(int fd) {
  spared[spared_count++] = fd;
  fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void close_others() {
  close_but(3, channel_fd);
}

void close_all() {
  close_but(0, -1);
}

}  // namespace gate
