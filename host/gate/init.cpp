// The gate as init process of the sandbox, or of one command that entered it: forwards signals,
// reaps, ends with the workload, and an entered one also ends it when paddock is gone.
#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.hpp"
#include "leash.hpp"
#include "protocol.h"
#include "pty.hpp"
#include "verbs.hpp"

namespace gate {
namespace {

/// What the kernel sends to an entered gate whose paddock died: the last number, which paddock
/// never forwards. Not SIGKILL, which would end the gate alone and leave its command to itself.
constexpr int kAbandoned = 64;

/// Gives the terminal up, so that the workload's session can have it: a group that is alone in
/// its session is not stopped by the terminal, for nobody could continue it.
void leave_terminal() {
  ioctl(0, TIOCNOTTY);
  (void)signal(SIGHUP, SIG_IGN);  // drops the SIGHUP that this sent
  (void)signal(SIGHUP, SIG_DFL);
}

/// Reaps all that ended; exits when `workload` is among them.
void reap(pid_t workload) {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid != workload) {
      continue;
    }
    if (getpid() != 1) {
      kill(-workload, SIGKILL);  // as PID 1, the kernel kills the rest
    }
    const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    tell_end(code);
    _exit(code);
  }
}

/// To the workload's whole group, as a terminal would; to itself alone before it has one.
void forward(pid_t workload, int number) {
  if (number != SIGTTIN && number != SIGTTOU && kill(-workload, number) != 0) {
    kill(workload, number);
  }
}

[[noreturn]] void serve(pid_t workload, const sigset_t& all) {
  close_all();
  for (;;) {
    const int number = next_signal(all);
    if (number == SIGCHLD) {
      reap(workload);
    } else if (number > 0) {
      forward(workload, number == kAbandoned && getpid() != 1 ? SIGKILL : number);
    }
  }
}

}  // namespace

void stay_as_init() {
  sigset_t all;
  sigfillset(&all);
  (void)signal(SIGCHLD, SIG_DFL);  // ignored, children would leave no status
  sigprocmask(SIG_SETMASK, &all, nullptr);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  if (getpid() != 1) {
    prctl(PR_SET_PDEATHSIG, kAbandoned, 0, 0, 0);
  }
  if (has_terminal() && !has_pty()) {
    leave_terminal();
  }
  const pid_t child = fork();
  if (child < 0) {
    die("fork", errno, PADDOCK_GATE_EXIT_FAILED);
  }
  if (child > 0) {
    serve(child, all);
  }
  if (has_pty()) {
    return take_pty();
  }
  setsid();
  if (has_terminal()) {
    ioctl(0, TIOCSCTTY, 0);
  }
}

}  // namespace gate
