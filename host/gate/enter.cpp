// Entering a sandbox whose workload already runs and would take over whatever it can reach. A
// program of its own does it, so that no memory, argument or descriptor of the host comes along;
// and until the sandbox's own gate is executed, the workload may not look into this process
// either, which still runs a file of the host's (CVE-2016-9962, CVE-2019-5736).
#include "enter.hpp"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fields.hpp"
#include "filters.hpp"
#include "privileges.hpp"
#include "protocol.h"

namespace gate {
namespace {

constexpr int kWords = 13;

struct Entry {
  char* gate;
  char* channel;
  int pidfd, report, namespaces;
  unsigned long kept, data_bytes, processes;
  unsigned user, group;
  int filters;
};

/// One line on the report pipe, in one write: "NUMBER TEXT".
void say(int report, long number, const char* text) {
  char line[128];
  char digits[kDecimalSize];
  char* end = stpcpy(stpcpy(stpcpy(line, decimal(number, digits)), " "), text);
  *end++ = '\n';
  [[maybe_unused]] const ssize_t put = write(report, line, static_cast<size_t>(end - line));
}

[[noreturn]] void give_up(int report, const char* text) {
  say(report, errno, text);
  _exit(PADDOCK_GATE_EXIT_FAILED);
}

bool limit(decltype(RLIMIT_NOFILE) which, rlim_t value) {
  const rlimit both{value, value};
  return value == 0 || setrlimit(which, &both) == 0;
}

/// Inside, with nothing of the sandbox's first process missing but its limits and its privileges.
[[noreturn]] void become_gate(const Entry& entry) {
  setsid();
  if (!limit(RLIMIT_DATA, entry.data_bytes) || !limit(RLIMIT_NPROC, entry.processes)) {
    give_up(entry.report, "cannot set resource limits");
  }
  if (!keep_only(entry.kept, entry.user, entry.group)) {
    give_up(entry.report, "cannot drop privileges");
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a change of the user takes it back
  if (!install_filters(entry.filters)) {
    give_up(entry.report, "cannot install the sandbox's seccomp filter");
  }
  char* argv[] = {entry.gate, entry.channel, nullptr};
  char* environment[] = {nullptr};
  execve(entry.gate, argv, environment);
  give_up(entry.report, "cannot execute the sandbox's gate");
}

/// Joining a PID namespace holds for children only, so the gate is one; CLONE_PARENT makes it a
/// child of the one who started this, who waits for it.
[[noreturn]] void join(const Entry& entry) {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || fcntl(entry.report, F_SETFD, FD_CLOEXEC) != 0) {
    give_up(entry.report, "cannot hide from the sandbox");
  }
  if (setns(entry.pidfd, entry.namespaces) != 0 || chdir("/") != 0) {
    give_up(entry.report, "cannot join the sandbox's namespaces");
  }
  close(entry.pidfd);
  clone_args args{};
  args.flags = CLONE_PARENT;
  const long pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) {
    become_gate(entry);
  }
  if (pid < 0) {
    give_up(entry.report, "cannot start a process");
  }
  char digits[kDecimalSize];
  say(entry.report, 0, decimal(pid, digits));
  _exit(0);
}

}  // namespace

bool is_entry(int argc, char** argv) {
  return argc == kWords && strcmp(argv[1], "enter") == 0;
}

void enter(char** argv) {
  Fields reader{nullptr, nullptr};
  Entry entry{};
  entry.gate = argv[2];
  entry.channel = argv[3];
  reader.parse(entry.channel, 3, INT_MAX);
  entry.pidfd = static_cast<int>(reader.parse(argv[4], 3, INT_MAX));
  entry.report = static_cast<int>(reader.parse(argv[5], 3, INT_MAX));
  entry.namespaces = static_cast<int>(reader.parse(argv[6], 0, INT_MAX));
  entry.kept = reader.parse_unsigned(argv[7]);
  entry.data_bytes = reader.parse_unsigned(argv[8]);
  entry.processes = reader.parse_unsigned(argv[9]);
  entry.user = static_cast<unsigned>(reader.parse(argv[10], 0, UINT_MAX));
  entry.group = static_cast<unsigned>(reader.parse(argv[11], 0, UINT_MAX));
  entry.filters = static_cast<int>(reader.parse(argv[12], 0, INT_MAX));
  if (reader.bad) {
    _exit(PADDOCK_GATE_EXIT_FAILED);
  }
  join(entry);
}

}  // namespace gate
