#include "pty.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "channel.hpp"
#include "connect.hpp"
#include "fields.hpp"

namespace gate {
namespace {

constexpr int kPatienceMs = 1000;  // with a host that does not read

int host = -1;    ///< the host's terminal, in raw mode
int master = -1;  ///< of ours
int worker = -1;

/// Bytes on their way; new ones are taken when all are gone.
struct Flow {
  char bytes[4096];
  unsigned sent = 0, length = 0;
  bool is_pending() const { return sent < length; }
};
Flow typed, shown;

/// Both ends.
bool open_pty() {
  constexpr int kFlags = O_RDWR | O_NOCTTY | O_CLOEXEC;
  int number = 0, locked = 0;
  char path[sizeof "/dev/pts/" + kDecimalSize];
  char digits[kDecimalSize];
  master = open("/dev/ptmx", kFlags | O_NONBLOCK);
  if (master < 0 || ioctl(master, TIOCSPTLCK, &locked) != 0 ||
      ioctl(master, TIOCGPTN, &number) != 0) {
    return false;
  }
  stpcpy(stpcpy(path, "/dev/pts/"), decimal(number, digits));
  worker = open(path, kFlags);
  return worker >= 0;
}

/// gVisor's terminals make no signals of what is typed.
int signal_of(char typed_byte) {
  termios settings{};
  if (typed_byte == 0 || ioctl(master, TCGETS, &settings) != 0 || (settings.c_lflag & ISIG) == 0) {
    return 0;
  }
  const auto byte = static_cast<cc_t>(typed_byte);
  return byte == settings.c_cc[VINTR]   ? SIGINT
         : byte == settings.c_cc[VQUIT] ? SIGQUIT
         : byte == settings.c_cc[VSUSP] ? SIGTSTP
                                        : 0;
}

void signal_foreground(int number) {
  pid_t group = 0;
  if (ioctl(worker, TIOCGPGRP, &group) == 0 && group > 0) {
    kill(-group, number);
  }
}

/// Leaves of what was typed what is no signal.
void take_signals() {
  unsigned kept = 0;
  for (unsigned i = 0; i < typed.length; ++i) {
    if (const int number = signal_of(typed.bytes[i]); number != 0) {
      signal_foreground(number);
    } else {
      typed.bytes[kept++] = typed.bytes[i];
    }
  }
  typed.length = kept;
}

/// False at its end.
bool fill(Flow& flow, int from) {
  const ssize_t got = read(from, flow.bytes, sizeof flow.bytes);
  flow.sent = 0;
  flow.length = got > 0 ? static_cast<unsigned>(got) : 0;
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

void empty(Flow& flow, int to) {
  const ssize_t put = write(to, flow.bytes + flow.sent, flow.length - flow.sent);
  if (put > 0) {
    flow.sent += static_cast<unsigned>(put);
  } else if (errno != EAGAIN && errno != EINTR) {
    flow.sent = flow.length;  // nobody is there any more
  }
}

pollfd wanted(int fd, const Flow& from, const Flow& to) {
  const int events = (from.is_pending() ? 0 : POLLIN) | (to.is_pending() ? POLLOUT : 0);
  return {fd, static_cast<short>(events), 0};
}

}  // namespace

bool make_pty() {
  host = fcntl(0, F_DUPFD_CLOEXEC, 3);
  if (host < 0 || fcntl(host, F_SETFL, O_RDWR | O_NONBLOCK) != 0 || !open_pty()) {
    return false;
  }
  for (int stream = 0; stream < 3; ++stream) {
    if ((terminals() >> stream & 1) != 0 && dup2(worker, stream) < 0) {
      return false;
    }
  }
  spare(host);
  spare(master);
  spare(worker);
  return ioctl(worker, TIOCSCTTY, 0) == 0;
}

bool has_pty() {
  return master >= 0;
}

void take_pty() {
  const pid_t own = getpid();
  setpgid(0, 0);
  ioctl(worker, TIOCSPGRP, &own);  // SIGTTOU, which that may send, is blocked yet
}

void want_pty(pollfd* two) {
  two[0] = wanted(host, typed, shown);
  two[1] = wanted(master, shown, typed);
}

void proceed_pty(const pollfd* two) {
  if (two[0].revents != 0 && !typed.is_pending() && fill(typed, host)) {
    take_signals();
  }
  if (two[1].revents != 0 && !shown.is_pending()) {
    fill(shown, master);
  }
  if (typed.is_pending()) {
    empty(typed, master);
  }
  if (shown.is_pending()) {
    empty(shown, host);
  }
}

void resize_pty(unsigned short rows, unsigned short columns) {
  const winsize size{rows, columns, 0, 0};
  if (ioctl(master, TIOCSWINSZ, &size) == 0) {
    signal_foreground(SIGWINCH);
  }
}

void drain_pty() {
  pollfd ready{host, POLLOUT, 0};
  while (has_pty() && (shown.is_pending() || (fill(shown, master) && shown.is_pending())) &&
         poll(&ready, 1, kPatienceMs) > 0) {
    empty(shown, host);
  }
}

}  // namespace gate
