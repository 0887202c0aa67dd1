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
    {"rootfs.image", "Image"},
    {"rootfs.read-only", "ReadonlyRootfs"},
    {"mounts.declared-only", "Mounts, Tmpfs; the engine's own are detached"},
    {"mounts.read-only", "Mounts, ReadOnly"},
    {"mounts.writable", "Mounts, Tmpfs"},
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
};

constexpr const char* kNoNetwork = "this version has no network but loopback";
constexpr const char* kUseNone = "set network.mode to 'none', the only one here";
constexpr support::Lack kLacks[] = {
    {"network.isolated", kNoNetwork, kUseNone},
    {"network.bridge", kNoNetwork, kUseNone},
};

}  // namespace

contract::ProbeReply supported(const Version& version) {
  return support::available(version.engine, kRows, kLacks);
}

}  // namespace paddock::engine
