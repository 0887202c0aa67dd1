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
};

// Where the engine is root's, and where it is the user's own.
constexpr support::Row kRootRows[] = {
    {"user", "User"},
    {"namespaces", "namespaces of the container; no capability in the host's user namespace"},
    {"devices.minimal", "the engine's /dev, and its device cgroup"},
    {"mounts.volume", "a volume of the engine's"},
    {"network.isolated", "NetworkMode, a network of its own"},
    {"egress.none", "Internal, and every link but loopback taken down"},
    {"egress.unrestricted", "a network that is not Internal"},
    {"network.published", "PortBindings"}};
constexpr support::Row kOwnRows[] = {
    {"user", "User, UsernsMode keep-id"},
    {"namespaces", "namespaces of the container, a user namespace among them"},
    {"devices.minimal", "the engine's /dev, where no device can be made"}};
constexpr const char* kRootAlone = "this version has it with root's engines alone";
constexpr support::Lack kOwnLacks[] = {
    {"mounts.volume", kRootAlone, "run paddock as root, or use the backend 'bubblewrap'"},
    {"network.isolated", kRootAlone, "set network.mode to 'none', or run paddock as root"},
    {"egress.none", kRootAlone, "set network.mode to 'none', or run paddock as root"},
    {"egress.unrestricted", kRootAlone, "set network.mode to 'none', or run paddock as root"},
    {"network.published", kRootAlone, "set network.mode to 'none', or run paddock as root"}};

constexpr support::Lack kLacks[] = {
    {"network.bridge", "this version joins no network of others",
     "set network.mode to 'isolated', or to 'none'"},
    {"egress.private-ranges", "this version has no rules for what may be reached",
     "set network.egress to 'none', or in your own profile to 'unrestricted'"},
};
constexpr const char* kLimitRemedy =
    "run paddock as root, or with Podman under a systemd user manager with cgroup v2";

void add(contract::ProbeReply& reply,
         std::span<const support::Row> rows,
         std::span<const support::Lack> lacks) {
  for (const support::Row& row : rows) {
    reply.protections.push_back({std::string(row.protection), true, row.mechanism, "", ""});
  }
  for (const support::Lack& lack : lacks) {
    reply.protections.push_back(
        {std::string(lack.protection), false, "", lack.reason, lack.remedy});
  }
}

}  // namespace

contract::ProbeReply supported(const Version& version, const Runtimes& runtimes) {
  auto reply = support::available(version.engine, kRows, kLacks);
  reply.isolation = best_of(runtimes);
  reply.remedy = remedy_for_more(runtimes);
  reply.protections.push_back({"isolation", true, levels_text(runtimes), "", ""});
  if (::geteuid() == 0) {
    add(reply, kRootRows, {});
  } else {
    add(reply, kOwnRows, kOwnLacks);
  }
  support::report_limits(reply, plan_limits(support::every_limit()), kLimitRemedy);
  return reply;
}

}  // namespace paddock::engine
