// Whether the kernel that answers is another than the host's, tried from inside.
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "os/file.hpp"
#include "proof/trials.hpp"
#include "proof/vetted_mounts.hpp"
#include "protocol.h"

namespace paddock::proof {
namespace {

constexpr std::string_view kLeaf = "/isolation";
/// struct new_utsname has six fields of this size; `release` is the third.
constexpr std::size_t kField = 65;
constexpr long kRead = 4096;

void try_uname(Trials& trials) {
  const ProbeCall uname = {SYS_uname, {output(6 * kField)}};
  const std::string twin = trials.must_succeed(kLeaf, "ask for the kernel's release", {uname});
  struct utsname host {};
  ::uname(&host);
  trials
      .must_fail(kLeaf, std::string("find the host's release, ") + host.release,
                 {uname,
                  {PADDOCK_GATE_MATCH,
                   {integer(2 * kField), bytes(host.release, std::strlen(host.release) + 1)}}},
                 {EILSEQ}, twin)
      .decisive = 1;
}

void try_version(Trials& trials) {
  const std::vector<ProbeCall> read = {open_call("/proc/version", O_RDONLY),
                                       {SYS_read, {result(0), output(kRead), integer(kRead)}}};
  const std::string twin = trials.must_succeed(kLeaf, "read '/proc/version'", read);
  trials.last().at_least = 1;
  const std::string host = os::read_kernel_file("/proc/version").value_or("");
  std::vector<ProbeCall> match = read;
  match.push_back({PADDOCK_GATE_MATCH, {"i0", bytes(host.data(), host.size())}});
  trials.must_fail(kLeaf, "find the host's version there", match, {EILSEQ}, twin).decisive = 2;
}

/// A process of the sandbox has no number for the host's.
void try_pids(const View& view, Trials trials) {
  const std::string twin = trials.must_succeed("", "signal itself", {{SYS_kill, {"i0", "i0"}}});
  trials.must_fail("", "signal process " + std::to_string(view.guest->kernel),
                   {{SYS_kill, {integer(view.guest->kernel), "i0"}}}, {ESRCH}, twin);
}

/// In gVisor every descriptor of the gate is in its own table alone: 0, 1, 2, the channel, a leash
/// where it entered or has a terminal, three of that terminal, and the directory that is read, each
/// of 24 bytes in getdents64(2), as "." and ".." are.
void try_table(const View& view, Trials trials) {
  trials.must_succeed("", "list its descriptors",
                      {open_call("/proc/self/fd", O_RDONLY | O_DIRECTORY),
                       {SYS_getdents64, {result(0), output(kRead), integer(kRead)}}});
  const bool terminal = view.guest->has_terminal;
  const int more = (view.subject.handed_over || terminal ? 1 : 0) + (terminal ? 3 : 0);
  trials.last().at_least = trials.last().at_most = std::int64_t{7 + more} * 24;
}

std::vector<ProbeCall> connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return {{SYS_socket, {integer(AF_UNIX), integer(SOCK_STREAM | SOCK_CLOEXEC), "i0"}},
          {SYS_connect, {result(0), bytes(&address, sizeof address), integer(sizeof address)}}};
}

/// The one that the gate came by cannot be taken away again, nor the folder for others.
void try_sockets(const View& view, Trials trials) {
  const std::string twin = trials.must_succeed(
      "", "make a socket", {{SYS_socket, {integer(AF_UNIX), integer(SOCK_STREAM), "i0"}}});
  for (const os::MountInfo& mount : view.mounts.value_or(std::vector<os::MountInfo>{})) {
    const auto inside = view.root ? view.root->stat(mount.target) : std::nullopt;
    if (inside && S_ISSOCK(inside->st_mode)) {
      trials
          .must_fail("", "connect to '" + mount.target + "'", connect_unix(mount.target),
                     {ECONNREFUSED}, twin)
          .decisive = 1;
    }
    if (is_way_in(view, mount)) {
      trials.must_fail("", "list '" + mount.target + "'",
                       {open_call(mount.target, O_RDONLY | O_DIRECTORY)}, {EACCES}, twin);
    }
  }
}

/// It has no size, and is root's.
void try_dev(Trials trials) {
  const std::string twin =
      trials.must_succeed("", "list '/dev'", {open_call("/dev", O_RDONLY | O_DIRECTORY)});
  trials.must_fail("", "write in '/dev'",
                   {{SYS_faccessat, {integer(AT_FDCWD), text("/dev"), integer(W_OK)}}},
                   {EACCES, EROFS}, twin);
}

}  // namespace

void try_guest(const View& view, std::vector<Trial>& list) {
  if (view.requires_("isolation") &&
      (view.guest || view.plan().isolation != contract::Isolation::kSharedKernel)) {
    Trials trials(list, "isolation");
    try_uname(trials);
    try_version(trials);
  }
  if (!view.guest) {
    return;
  }
  if (view.requires_("namespaces")) {
    try_pids(view, Trials(list, "namespaces"));
  }
  if (view.requires_("descriptors.closed")) {
    try_table(view, Trials(list, "descriptors.closed"));
  }
  if (view.requires_("mounts.declared-only")) {
    try_sockets(view, Trials(list, "mounts.declared-only"));
  }
  if (view.requires_("disk.limited")) {
    try_dev(Trials(list, "disk.limited"));
  }
}

}  // namespace paddock::proof
