// What stands between the workload and the host's kernel.
#include "base/text.hpp"
#include "paddock/contract/enum_names.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

using contract::Isolation;

constexpr std::string_view kLeaf = "/isolation";

std::string numbers(const std::vector<pid_t>& pids) {
  std::string text;
  for (const pid_t pid : pids) {
    text += (text.empty() ? "the host's, as process " : ", ") + std::to_string(pid);
  }
  return text.empty() ? "none of the host's" : text;
}

/// The kernel in user space is itself confined: what breaks out of it is in here.
void check_kernel_itself(const Guest& guest, Checks& checks) {
  const auto status = os::read_status(guest.kernel);
  if (!status) {
    return checks.unread("the kernel in user space", status.error());
  }
  checks.equal(kLeaf, "seccomp mode of the kernel in user space", "2",
               std::to_string(status->seccomp));
  checks.equal(kLeaf, "NoNewPrivs of the kernel in user space", "1",
               std::to_string(status->no_new_privs));
}

void check_guest(const View& view, Checks& checks) {
  const Guest& guest = *view.guest;
  checks.add(kLeaf, "kernel that runs the gate", "none of the host's", numbers(guest.hosted),
             guest.hosted.empty());
  const std::string holder = "held by process " + std::to_string(guest.kernel);
  checks.equal(kLeaf, "the gate's channel", holder, guest.has_channel ? holder : "not held by it");
  check_kernel_itself(guest, checks);
  if (view.plan().isolation > Isolation::kUserKernel) {
    checks.equal(kLeaf, "isolation", std::string(contract::enum_name(view.plan().isolation)),
                 std::string(contract::enum_name(Isolation::kUserKernel)));
  }
}

/// The namespaces of the process that answers system calls: the gate's own, or the sentry's. An id
/// inside the sentry is none outside, and it never had one of the host's: what it may do with the
/// host is by its own.
void check_own(const View& view, Checks& checks, const char* name) {
  const auto inside = view.namespaces->find(name);
  const auto host = view.host_namespaces->find(name);
  const bool own = inside != view.namespaces->end() && host != view.host_namespaces->end() &&
                   inside->second != 0 && inside->second != host->second;
  if (!own && !view.guest && std::string_view(name) == "user") {
    checks.add("", "user namespace", "the sandbox's own, or no capability in the host's",
               gains_nothing(view) ? "no capability in the host's" : "the host's",
               gains_nothing(view));
    return;
  }
  checks.add("", std::string(name) + " namespace", "the sandbox's own",
             own ? "the sandbox's own" : "the host's", own);
}

/// gVisor tells the mode, not the filter. For a process that entered later the gate sees to one of
/// its own; the first has the engine's.
void check_filter(const View& view, Checks& checks) {
  checks.equal("", "seccomp mode in there", "2", std::to_string(view.guest->status.seccomp));
}

void check_namespaces(const View& view, Checks checks) {
  if (!view.namespaces || !view.host_namespaces) {
    return checks.unread("namespaces",
                         view.namespaces ? view.host_namespaces.error() : view.namespaces.error());
  }
  for (const char* name : {"mnt", "net", "ipc", "uts", "user"}) {
    check_own(view, checks, name);
  }
  if (view.guest) {
    check_filter(view, checks);
  }
  for (const char* name : {"pid", "cgroup"}) {
    if (!view.guest) {  // numbers and paths of its own kernel's; trials tell
      check_own(view, checks, name);
    }
  }
}

// The least isolation is that of namespaces.
void check_level(const View& view, Checks checks) {
  if (view.guest) {
    check_guest(view, checks);
  } else if (view.plan().isolation == Isolation::kSharedKernel) {
    check_namespaces(view, checks);
  } else {
    checks.add(kLeaf, "kernel that runs the gate", "none of the host's",
               numbers({view.subject.pid}), false);
  }
}

}  // namespace

/// Nothing to lose in the host's user namespace that it would not lose in one of its own: no
/// capability, and no way to one.
bool gains_nothing(const View& view) {
  if (!view.status) {
    return false;
  }
  const os::ProcStatus& status = *view.status;
  return status.no_new_privs == 1 && status.cap_bounding == 0 && status.cap_permitted == 0 &&
         status.cap_effective == 0 && status.cap_inheritable == 0 && status.cap_ambient == 0;
}

void check_isolation(const View& view, std::vector<Check>& list) {
  if (view.requires_("isolation")) {
    check_level(view, Checks(list, "isolation"));
  }
  if (view.requires_("namespaces")) {
    check_namespaces(view, Checks(list, "namespaces"));
  }
}

}  // namespace paddock::proof
