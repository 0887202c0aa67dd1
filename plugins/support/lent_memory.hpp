// Work in a child process that borrows this one's memory: it may join namespaces and drop
// credentials of its own, and only makes system calls. Errors are left in errno.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace paddock::support {

/// Blocks every signal of the calling thread while it lives.
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t old_;
};

/// Runs `work` in a child that borrows this process's memory, and waits: its exit status, or -1
/// with errno. A copy would cost more than most work; credentials and namespaces are its own.
template <typename Work>
int run_in_lent_memory(Work work) {
  const int dumpable = ::prctl(PR_GET_DUMPABLE);
  const SignalsBlocked blocked;
  const pid_t child = ::vfork();
  if (child == 0) {
    ::_exit(work());
  }
  const int error = errno;
  ::prctl(PR_SET_DUMPABLE, dumpable);  // of the lent memory; a namespace may have cleared it
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) {
    errno = child < 0 ? error : errno;
    return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

}  // namespace paddock::support
