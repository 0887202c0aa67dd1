// Who the workload is, tried from inside.
#include <asm/termbits.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "proof/trials.hpp"
#include "protocol.h"

namespace paddock::proof {
namespace {

bool keeps(const View& view, std::string_view capability) {
  const auto& kept = view.plan().security.capabilities;
  return std::find(kept.begin(), kept.end(), capability) != kept.end();
}

void bound(Trial& trial, std::int64_t value) {
  trial.at_least = trial.at_most = value;
  trial.expectation.expected = std::to_string(value);
}

void try_no_new_privs(Trials trials) {
  trials.must_succeed("/security/no_new_privs", "ask for no_new_privs",
                      {{SYS_prctl, {integer(PR_GET_NO_NEW_PRIVS), "i0", "i0", "i0", "i0"}}});
  bound(trials.last(), 1);
}

void try_capabilities(const View& view, Trials trials) {
  constexpr std::string_view kLeaf = "/security/capabilities";
  if (!keeps(view, "CAP_SYS_ADMIN")) {
    trials.must_succeed(kLeaf, "ask for CAP_SYS_ADMIN in the bounding set",
                        {{SYS_prctl, {integer(PR_CAPBSET_READ), integer(CAP_SYS_ADMIN)}}});
    bound(trials.last(), 0);
  }
  if (!keeps(view, "CAP_SYS_CHROOT")) {
    const std::string twin =
        trials.must_succeed(kLeaf, "change the directory to '/'", {{SYS_chdir, {text("/")}}});
    trials.must_fail(kLeaf, "change the root to '/'", {{SYS_chroot, {text("/")}}}, {EPERM}, twin);
  }
}

void try_user(const View& view, Trials trials) {
  const contract::User& user = view.plan().process.user;
  trials.must_succeed("/process/user/uid", "ask for the user id", {{SYS_geteuid, {}}});
  bound(trials.last(), user.uid);
  trials.must_succeed("/process/user/gid", "ask for the group id", {{SYS_getegid, {}}});
  bound(trials.last(), user.gid);
  const std::string twin = trials.must_succeed("/process/user/uid", "become the declared user",
                                               {{SYS_setuid, {integer(user.uid)}}});
  // EINVAL: the id is not mapped.
  trials.must_fail("/process/user/uid", "become root", {{SYS_setuid, {integer(0)}}},
                   {EPERM, EINVAL}, twin);
}

/// Whoever can make a user namespace has every capability in it: enough to mount the host's
/// version 1 cgroups, to fill memory with tmpfs, and to reach much more of the kernel. Three calls
/// make one, and a filter may have forgotten any.
void try_user_namespace(Trials trials) {
  const ProbeCall reap = {SYS_wait4, {integer(-1), "i0", "i0", "i0"}};
  const auto clone = [](unsigned long flags) {
    return ProbeCall{SYS_clone,
                     {integer(static_cast<long>(flags | SIGCHLD)), "i0", "i0", "i0", "i0"}};
  };
  clone_args args{};
  args.flags = CLONE_NEWUSER;
  args.exit_signal = SIGCHLD;
  const ProbeCall clone3 = {SYS_clone3, {bytes(&args, sizeof args), integer(sizeof args)}};
  const std::string twin = trials.must_succeed("", "start a process", {clone(0), reap});
  trials.last().probe.isolated = true;
  const auto must_fail = [&](const std::string& name, std::vector<ProbeCall> calls) {
    trials.must_fail("", "make a user namespace by " + name, std::move(calls),
                     {EPERM, ENOSPC, ENOSYS}, twin);
    trials.last().probe.isolated = true;  // should it succeed
  };
  must_fail("unshare", {{SYS_unshare, {integer(CLONE_NEWUSER)}}});
  must_fail("clone", {clone(CLONE_NEWUSER), reap});
  must_fail("clone3", {clone3, reap});
}

/// The host name lies in `nodename` of struct new_utsname, whose fields have 65 bytes each.
void try_namespaces(const View& view, Trials trials) {
  const std::string& name = view.plan().process.hostname;
  trials.must_succeed("/process/hostname", "ask for the host name '" + name + "'",
                      {{SYS_uname, {output(std::size_t{6} * 65)}},
                       {PADDOCK_GATE_MATCH, {integer(65), bytes(name.c_str(), name.size() + 1)}}});
}

/// What only whom the terminal `fd` controls is told: its session, or in gVisor, which does not
/// know that question, its foreground group.
ProbeCall ask_own(const View& view, int fd) {
  const long question = view.guest ? TIOCGPGRP : TIOCGSID;
  return {SYS_ioctl, {integer(fd), integer(question), output(sizeof(pid_t))}};
}

void try_session(const View& view, Trials trials) {
  constexpr std::string_view kLeaf = "/process/terminal";
  const std::string twin =
      trials.must_succeed(kLeaf, "open '/dev/null'", {open_call("/dev/null", O_RDWR)});
  if (!view.plan().process.terminal) {
    trials.must_fail(
        kLeaf, "open a controlling terminal", {open_call("/dev/tty", O_RDWR | O_NOCTTY)},
        view.guest ? std::vector<int>{ENXIO, ENOENT, EIO} : std::vector<int>{ENXIO, ENOENT}, twin);
  } else if (view.is_waiting()) {  // later it is the command's, not the gate's that tries
    trials.must_succeed(kLeaf, "open the terminal of its own",
                        {view.guest ? ask_own(view, 0) : open_call("/dev/tty", O_RDWR | O_NOCTTY)});
  }
  for (const int fd : {0, 1, 2}) {
    // A terminal has attributes, and its session can be asked for only by whom it controls.
    trials.must_fail(
        kLeaf, "ask descriptor " + std::to_string(fd) + " for a terminal not its own",
        {{SYS_ioctl, {integer(fd), integer(TCGETS), output(sizeof(termios))}}, ask_own(view, fd)},
        {ENOTTY, EINVAL}, twin);
    bound(trials.last(), 0);
    trials.last().expectation.expected = "no terminal, or the one that controls it";
  }
}

/// Through a directory, or a bare path of one, openat(2) leaves the sandbox.
void try_descriptors(Trials trials) {
  const std::string twin =
      trials.must_succeed("", "open '/' and '.' in it",
                          {open_call("/", O_RDONLY | O_DIRECTORY),
                           {SYS_openat, {result(0), text("."), integer(O_RDONLY | O_CLOEXEC)}}});
  for (const int fd : {0, 1, 2}) {
    const std::string name = "descriptor " + std::to_string(fd);
    trials.must_fail("", "open '.' in " + name,
                     {{SYS_openat, {integer(fd), text("."), integer(O_RDONLY | O_CLOEXEC)}}},
                     {ENOTDIR}, twin);
    // fcntl(2) does this for what is open, not for a bare path (O_PATH).
    trials.must_succeed("", "ask " + name + " for its signal",
                        {{SYS_fcntl, {integer(fd), integer(F_GETSIG)}}});
  }
}

/// Once the command runs, its directory is its own affair.
void try_cwd(const View& view, Trials trials) {
  const std::string& cwd = view.plan().process.cwd;
  trials.must_succeed("/process/cwd", "enter '" + cwd + "'",
                      {{SYS_chdir, {text(cwd)}}, {SYS_chdir, {text("/")}}});
}

}  // namespace

void try_identity(const View& view, std::vector<Trial>& list) {
  if (view.requires_("no-new-privs")) {
    try_no_new_privs(Trials(list, "no-new-privs"));
  }
  if (view.requires_("capabilities")) {
    try_capabilities(view, Trials(list, "capabilities"));
  }
  if (view.requires_("user")) {
    try_user(view, Trials(list, "user"));
  }
  if (view.requires_("namespaces")) {
    try_namespaces(view, Trials(list, "namespaces"));
    try_user_namespace(Trials(list, "namespaces"));
  }
  if (view.requires_("process.cwd") && view.is_waiting()) {
    try_cwd(view, Trials(list, "process.cwd"));
  }
  if (view.requires_("process.session")) {
    try_session(view, Trials(list, "process.session"));
  }
  if (view.requires_("descriptors.closed")) {
    try_descriptors(Trials(list, "descriptors.closed"));
  }
}

}  // namespace paddock::proof
