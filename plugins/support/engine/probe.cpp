// What engines can enforce; nothing is run.
#include <unistd.h>

#include <span>

#include "support/answers.hpp"
#include "support/engine/answers.hpp"
#include "support/engine/limits.hpp"

namespace paddock::engine {
namespace {

constexpr support::Row kRows[] = {
    {"process.start", "gate"},
    {"process.cwd", "gate"},
    {"no-new-privs", "SecurityOpt no-new-privileges"},
    {"capabilities", "CapDrop ALL"},
    {"rootfs.host", "Mounts, read-only, of the host's /usr"},
    {"rootfs.image", "Image"},
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
    {"mounts.volume", "a volume of the engine's"},
    {"network.isolated", "NetworkMode, a network of its own"},
    {"egress.none", "NetworkMode none"},
    {"egress.unrestricted", "a network of its own"},
    {"network.published", "PortBindings"},
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

constexpr support::Lack kLacks[] = {
    {"network.bridge", "this version joins no network of others",
     "set network.mode to 'isolated', or to 'none'"},
    {"egress.private-ranges", "this version has no rules for what may be reached",
     "set network.egress to 'none', or in your own profile to 'unrestricted'"},
};
constexpr const char* kLimitRemedy =
    "run paddock as root, or with Podman under a systemd user manager with cgroup v2";

}  // namespace

contract::ProbeReply supported(const Version& version, const Runtimes& runtimes) {
  auto reply = support::available(version.engine, kRows, kLacks);
  reply.isolation = best_of(runtimes);
  reply.remedy = remedy_for_more(runtimes);
  reply.protections.push_back({"isolation", true, levels_text(runtimes), "", ""});
  const auto more = ::geteuid() == 0 ? std::span(kRootRows) : std::span(kOwnRows);
  for (const support::Row& row : more) {
    reply.protections.push_back({std::string(row.protection), true, row.mechanism, "", ""});
  }
  support::report_limits(reply, plan_limits(support::every_limit()), kLimitRemedy);
  return reply;
}

}  // namespace paddock::engine
