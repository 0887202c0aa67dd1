// What engines can enforce; nothing is run.
#include <unistd.h>

#include "support/answers.hpp"
#include "support/engine/answers.hpp"
#include "support/engine/limits.hpp"

namespace paddock::engine {
namespace {

constexpr support::Row kRows[] = {
    {"isolation", "namespaces"},
    {"process.start", "gate"},
    {"process.cwd", "gate"},
    {"no-new-privs", "SecurityOpt no-new-privileges"},
    {"capabilities", "CapDrop ALL"},
    {"rootfs.host", "Mounts, read-only, of the host's /usr"},
    {"rootfs.read-only", "ReadonlyRootfs"},
    {"mounts.declared-only", "Mounts, Tmpfs; the engine's own are detached"},
    {"mounts.read-only", "Mounts, ReadOnly"},
    {"mounts.writable", "Mounts, Tmpfs"},
    {"kernel-paths.masked", "MaskedPaths"},
    {"kernel-paths.read-only", "ReadonlyPaths"},
    {"host-paths.hidden", "absent, or MaskedPaths"},
    {"descriptors.closed", "the gate"},
    {"process.limits", "gate"},
    {"process.umask", "gate"},
    {"process.session", "gate"},
    {"disk.limited", "size of each tmpfs; the workspace is not limited"},
    {"network.none", "NetworkMode none"},
};

// Where the engine is root's, and where it is the user's own.
constexpr support::Row kRootRows[] = {
    {"user", "User"},
    {"namespaces", "namespaces of the container; no capability in the host's user namespace"},
    {"devices.minimal", "the engine's /dev, and its device cgroup"}};
constexpr support::Row kOwnRows[] = {
    {"user", "User, UsernsMode keep-id"},
    {"namespaces", "namespaces of the container, a user namespace among them"},
    {"devices.minimal", "the engine's /dev, where no device can be made"}};

constexpr const char* kNoNetwork = "this version has no network but loopback";
constexpr const char* kUseNone = "set network.mode to 'none', the only one here";
constexpr support::Lack kLacks[] = {
    {"network.isolated", kNoNetwork, kUseNone},
    {"network.bridge", kNoNetwork, kUseNone},
    {"rootfs.image", "this version runs the host's own programs, not images",
     "leave image.reference out"},
};
constexpr const char* kLimitRemedy =
    "run paddock as root, or with Podman under a systemd user manager with cgroup v2";

}  // namespace

contract::ProbeReply supported(const Version& version) {
  auto reply = support::available(version.engine, kRows, kLacks);
  for (const support::Row& row : ::geteuid() == 0 ? kRootRows : kOwnRows) {
    reply.protections.push_back({std::string(row.protection), true, row.mechanism, "", ""});
  }
  support::report_limits(reply, plan_limits(support::every_limit()), kLimitRemedy);
  return reply;
}

}  // namespace paddock::engine
