// The workload runs already, and whoever connects to the socket has the host's side of the
// sandbox's kernel as its peer. What tells this gate from the workload is that it is that kernel's
// root, whose memory and descriptors no other user gets at, and that the engine gave it a secret.
#include "arrive.hpp"

#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "connect.hpp"
#include "fields.hpp"
#include "leash.hpp"
#include "privileges.hpp"
#include "protocol.h"

namespace gate {
namespace {

/// gVisor lets everybody open what anybody has open that its mode lets them read.
void take_secret(char (&secret)[PADDOCK_GATE_SECRET_SIZE]) {
  struct stat status {};
  if (fstat(0, &status) != 0 || status.st_uid != 0 || (status.st_mode & 0077) != 0) {
    give_up("others could read the secret");
  }
  for (size_t got = 0; got < sizeof secret;) {
    const ssize_t n = read(0, secret + got, sizeof secret - got);
    if (n <= 0 && errno != EINTR) {
      give_up("the secret does not come");
    }
    got += n > 0 ? static_cast<size_t>(n) : 0;
  }
}

int prove_arrival(const char* socket) {
  char secret[PADDOCK_GATE_SECRET_SIZE];
  take_secret(secret);
  const int fd = connect_to(socket);
  const bool said = fd > 2 && send(fd, secret, sizeof secret, MSG_NOSIGNAL) == sizeof secret;
  explicit_bzero(secret, sizeof secret);
  if (!said) {
    give_up("nobody hears the secret");
  }
  return fd;
}

#if defined(__x86_64__)
constexpr unsigned kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = AUDIT_ARCH_AARCH64;
#else
#error "which calls are this machine's?"
#endif
constexpr unsigned kOtherNumbers = 0x40000000;  // of x32
constexpr unsigned kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

/// gVisor gives the engine's filter to a sandbox's first process alone. This stands in for the part
/// of it that the proof asks for. clone3(2) hides its flags in memory: "not there" has the C
/// library fall back to clone(2).
bool forbid_namespaces() {
  constexpr auto kNumber = static_cast<unsigned>(offsetof(seccomp_data, nr));
  constexpr auto kArch = static_cast<unsigned>(offsetof(seccomp_data, arch));
  constexpr auto kFlags = static_cast<unsigned>(offsetof(seccomp_data, args));  // its low half
  sock_filter lines[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kArch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kOtherNumbers, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setns, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kFlags),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kNamespaces, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{sizeof lines / sizeof *lines, lines};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace

bool is_arrival(int argc, char** argv) {
  return argc == 5 && strcmp(argv[1], "arrive") == 0;
}

int arrive(char** argv) {
  Fields reader{nullptr, nullptr};
  const auto user = static_cast<unsigned>(reader.parse(argv[3], 1, UINT_MAX));
  const auto group = static_cast<unsigned>(reader.parse(argv[4], 1, UINT_MAX));
  // Later, when it has the workload's user, nothing else keeps that from looking into it. Executing
  // the command takes it back.
  if (reader.bad || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    give_up("it cannot hide from the sandbox");
  }
  const int fd = prove_arrival(argv[2]);
  const int channel = take_from(fd);
  take_leash(fd);
  if (!keep_only(0, user, group) || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) {
    give_up("it cannot drop privileges");
  }
  if (!forbid_namespaces()) {
    give_up("it cannot forbid namespaces");
  }
  return channel;
}

}  // namespace gate
