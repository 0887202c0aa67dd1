#include "leash.hpp"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.hpp"
#include "protocol.h"
#include "pty.hpp"

namespace gate {
namespace {

int leash_fd = -1;

/// Waits for any; several may be there.
void wait_for(pollfd* polls, int count) {
  while (poll(polls, static_cast<nfds_t>(count), -1) < 0 && errno == EINTR) {
  }
}

/// The number of a signal that is there.
int take_signal(int signals) {
  signalfd_siginfo info{};
  return read(signals, &info, sizeof info) == static_cast<ssize_t>(sizeof info)
             ? static_cast<int>(info.ssi_signo)
             : 0;
}

/// A byte of the leash's, or -1 at its end.
int take_byte(int fd) {
  unsigned char byte = 0;
  ssize_t got = 0;
  do {
    got = read(fd, &byte, 1);
  } while (got < 0 && errno == EINTR);
  return got == 1 ? byte : -1;
}

void give_byte(int fd, int value) {
  const auto byte = static_cast<unsigned char>(value);
  while (send(fd, &byte, 1, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

/// Since `all` are blocked, in the same order as sigwaitinfo(2).
int signals_of(const sigset_t& all) {
  static int signals = -1;
  if (signals < 0) {
    signals = signalfd(-1, &all, SFD_CLOEXEC);
  }
  return signals;
}

unsigned short take_number(int fd) {
  const int high = take_byte(fd);
  return static_cast<unsigned short>(high << 8 | take_byte(fd));
}

void give_number(int fd, unsigned number) {
  give_byte(fd, static_cast<int>(number >> 8));
  give_byte(fd, static_cast<int>(number & 255));
}

/// A signal that came by it; 0: the window's new size.
int heed_leash() {
  const int number = take_byte(leash_fd);
  if (number == SIGWINCH) {
    const unsigned short rows = take_number(leash_fd);
    resize_pty(rows, take_number(leash_fd));
    return 0;
  }
  if (number < 0) {
    leash_fd = -1;
    return SIGKILL;
  }
  return number;
}

void tell_size(int fd, int terminal) {
  winsize size{};
  if (ioctl(terminal, TIOCGWINSZ, &size) == 0) {
    give_byte(fd, SIGWINCH);
    give_number(fd, size.ws_row);
    give_number(fd, size.ws_col);
  }
}

}  // namespace

int leash() {
  return leash_fd;
}

void take_leash(int fd) {
  leash_fd = fd;
  spare(fd);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // nobody's to get at; executing the command takes it back
}

int next_signal(const sigset_t& all) {
  if (leash_fd < 0) {
    return sigwaitinfo(&all, nullptr);
  }
  pollfd polls[4] = {{signals_of(all), POLLIN, 0}, {leash_fd, POLLIN, 0}, {}, {}};
  want_pty(polls + 2);
  wait_for(polls, 4);
  proceed_pty(polls + 2);
  return polls[0].revents != 0   ? take_signal(polls[0].fd)
         : polls[1].revents != 0 ? heed_leash()
                                 : 0;
}

void tell_end(int status) {
  drain_pty();
  if (leash_fd >= 0) {
    give_byte(leash_fd, status);
  }
}

bool is_leash(int argc, char** argv) {
  return (argc == 3 || argc == 4) && strcmp(argv[1], "leash") == 0;
}

void hold_leash(int fd, int terminal) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  if (terminal >= 0 && ioctl(terminal, TIOCSCTTY, 0) == 0) {  // tells of its size by SIGWINCH
    tell_size(fd, terminal);
  }
  pollfd polls[2] = {{signals_of(all), POLLIN, 0}, {fd, POLLIN, 0}};
  for (;;) {
    wait_for(polls, 2);
    if (polls[1].revents != 0) {
      const int status = take_byte(fd);
      _exit(status >= 0 ? status : 128 + SIGKILL);
    }
    const int number = take_signal(polls[0].fd);
    if (number == SIGWINCH) {
      tell_size(fd, terminal);
    } else {
      give_byte(fd, number);
    }
  }
}

}  // namespace gate
