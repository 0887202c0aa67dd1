// What engines can enforce; nothing is run.
#include "support/answers.hpp"
#include "support/engine/answers.hpp"

namespace paddock::engine {
namespace {

constexpr support::Row kRows[] = {
    {"isolation", "namespaces"},
    {"process.start", "gate"},
    {"process.cwd", "gate"},
    {"no-new-privs", "SecurityOpt no-new-privileges"},
    {"capabilities", "CapDrop ALL"},
    {"user", "User"},
    {"namespaces", "namespaces of the container; no capability in the host's user namespace"},
    {"rootfs.host", "Mounts, read-only, of the host's /usr"},
    {"rootfs.read-only", "ReadonlyRootfs"},
    {"mounts.declared-only", "Mounts, Tmpfs; the engine's own are detached"},
    {"mounts.read-only", "Mounts, ReadOnly"},
    {"mounts.writable", "Mounts, Tmpfs"},
    {"mounts.volume", "a volume of the engine's"},
    {"kernel-paths.masked", "MaskedPaths"},
    {"kernel-paths.read-only", "ReadonlyPaths"},
    {"host-paths.hidden", "absent, or MaskedPaths"},
    {"devices.minimal", "the engine's /dev, and its device cgroup"},
    {"descriptors.closed", "the gate"},
    {"process.limits", "gate"},
    {"process.umask", "gate"},
    {"process.session", "gate"},
    {"cgroup.memory", "Memory, MemorySwap"},
    {"cgroup.cpu", "NanoCpus"},
    {"cgroup.pids", "PidsLimit"},
    {"disk.limited", "size of each tmpfs; the workspace is not limited"},
    {"network.none", "NetworkMode none"},
    {"network.isolated", "NetworkMode, a network of its own"},
    {"egress.none", "Internal, and every link but loopback taken down"},
    {"egress.unrestricted", "a network that is not Internal"},
    {"network.published", "PortBindings"},
};

constexpr support::Lack kLacks[] = {
    {"network.bridge", "this version joins no network of others",
     "set network.mode to 'isolated', or to 'none'"},
    {"egress.private-ranges", "this version has no rules for what may be reached",
     "set network.egress to 'none', or in your own profile to 'unrestricted'"},
    {"rootfs.image", "this version runs the host's own programs, not images",
     "leave image.reference out"},
};

}  // namespace

contract::ProbeReply supported(const Version& version) {
  return support::available(version.engine, kRows, kLacks);
}

}  // namespace paddock::engine
