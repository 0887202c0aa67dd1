#include "leash.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol.h"

namespace gate {
namespace {

int leash_fd = -1;

/// Waits for either; both may be there.
void wait_for(pollfd (&either)[2]) {
  while (poll(either, 2, -1) < 0 && errno == EINTR) {
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

}  // namespace

int leash() {
  return leash_fd;
}

void take_leash(int fd) {
  leash_fd = fd;
  fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int next_signal(const sigset_t& all) {
  if (leash_fd < 0) {
    return sigwaitinfo(&all, nullptr);
  }
  pollfd either[2] = {{signals_of(all), POLLIN, 0}, {leash_fd, POLLIN, 0}};
  wait_for(either);
  if (either[0].revents != 0) {
    return take_signal(either[0].fd);
  }
  const int number = take_byte(leash_fd);
  if (number >= 0) {
    return number;
  }
  close(leash_fd);
  leash_fd = -1;
  return SIGKILL;
}

void tell_end(int status) {
  if (leash_fd >= 0) {
    give_byte(leash_fd, status);
  }
}

bool is_leash(int argc, char** argv) {
  return argc == 3 && strcmp(argv[1], "leash") == 0;
}

void hold_leash(int fd) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  pollfd either[2] = {{signals_of(all), POLLIN, 0}, {fd, POLLIN, 0}};
  for (;;) {
    wait_for(either);
    if (either[1].revents != 0) {
      const int status = take_byte(fd);
      _exit(status >= 0 ? status : 128 + SIGKILL);
    }
    give_byte(fd, take_signal(either[0].fd));
  }
}

}  // namespace gate
