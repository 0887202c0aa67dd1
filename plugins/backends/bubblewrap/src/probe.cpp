// What can be enforced on this machine, told from files and one user namespace; no sandbox is run.
#include "answers.hpp"
#include "program.hpp"
#include "support/answers.hpp"
#include "userns.hpp"

namespace paddock::bubblewrap {
namespace {

constexpr support::Row kRows[] = {
    {"isolation", "namespaces"},
    {"process.start", "gate"},
    {"process.cwd", "gate"},
    {"no-new-privs", "bwrap (always)"},
    {"capabilities", "bwrap --cap-drop ALL"},
    {"user", "bwrap --uid --gid"},
    {"namespaces", kNamespaces},
    {"rootfs.host", "read-only binds of the host's /usr"},
    {"rootfs.read-only", "bwrap --remount-ro /"},
    {"mounts.declared-only", "bwrap --bind-fd, --tmpfs"},
    {"mounts.read-only", "bwrap --ro-bind-fd"},
    {"mounts.writable", "bwrap --bind-fd, --tmpfs"},
    {"mounts.volume", "a directory of paddock's own"},
    {"kernel-paths.masked", "empty read-only mounts"},
    {"kernel-paths.read-only", "read-only mounts"},
    {"host-paths.hidden", "absent, or under empty read-only mounts"},
    {"devices.minimal", "bwrap --dev"},
    {"descriptors.closed", "close_range before exec"},
    {"process.limits", "gate"},
    {"process.umask", "gate"},
    {"process.session", "gate"},
    {"disk.limited", "size of each tmpfs; the workspace is not limited"},
    {"network.none", "bwrap --unshare-net"},
    {"network.isolated", "bwrap --unshare-net"},
    {"egress.none", "bwrap --unshare-net"},
};

constexpr const char* kNoNetwork = "bubblewrap has no network but loopback";
constexpr const char* kUseNone =
    "set network.mode to 'none', the only one here, or choose a backend with networks";
constexpr const char* kStayClosed =
    "leave network.egress at 'none' and publish nothing, or choose a backend with networks";
constexpr support::Lack kLacks[] = {
    {"network.bridge", kNoNetwork, kUseNone},
    {"egress.unrestricted", kNoNetwork, kStayClosed},
    {"network.published", kNoNetwork, kStayClosed},
    {"rootfs.image", "bubblewrap runs the host's own programs, not images",
     "leave image.reference out, or choose a backend that runs images"},
};

constexpr const char* kLimitRemedy =
    "run paddock where this user may make cgroups: as root, or under a systemd user manager with "
    "cgroup v2";

}  // namespace

contract::ProbeReply probe_machine() {
  const auto bwrap = find_bwrap();
  const auto version = bwrap ? bwrap_version(*bwrap) : bwrap;
  if (!version) {
    return support::unavailable(version.error());
  }
  if (const auto obstacle = userns_obstacle(this_machine(*bwrap), false)) {
    return support::unavailable(obstacle->reason, obstacle->remedy);
  }
  auto reply = support::available(*version, kRows, kLacks);
  support::report_limits(reply, plan_all_limits(), kLimitRemedy);
  return reply;
}

}  // namespace paddock::bubblewrap
