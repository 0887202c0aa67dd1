// Names of rlimits and capabilities, as the kernel and capabilities(7) spell them.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "os/proc.hpp"

namespace paddock::os {
namespace {

constexpr std::array<std::pair<std::string_view, int>, 16> kRlimits = {{
    {"as", RLIMIT_AS},
    {"core", RLIMIT_CORE},
    {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},
    {"fsize", RLIMIT_FSIZE},
    {"locks", RLIMIT_LOCKS},
    {"memlock", RLIMIT_MEMLOCK},
    {"msgqueue", RLIMIT_MSGQUEUE},
    {"nice", RLIMIT_NICE},
    {"nofile", RLIMIT_NOFILE},
    {"nproc", RLIMIT_NPROC},
    {"rss", RLIMIT_RSS},
    {"rtprio", RLIMIT_RTPRIO},
    {"rttime", RLIMIT_RTTIME},
    {"sigpending", RLIMIT_SIGPENDING},
    {"stack", RLIMIT_STACK},
}};

// By number: linux/capability.h up to CAP_CHECKPOINT_RESTORE (Linux 5.9).
constexpr std::array<std::string_view, 41> kCapabilities = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

}  // namespace

int rlimit_number(std::string_view name) {
  const auto* found = std::find_if(kRlimits.begin(), kRlimits.end(),
                                   [name](const auto& row) { return row.first == name; });
  return found == kRlimits.end() ? -1 : found->second;
}

int capability_number(std::string_view name) {
  const auto* found = std::find(kCapabilities.begin(), kCapabilities.end(), name);
  return found == kCapabilities.end() ? -1 : static_cast<int>(found - kCapabilities.begin());
}

std::string capability_name(int number) {
  const auto index = static_cast<std::size_t>(number);
  return index < kCapabilities.size() ? std::string(kCapabilities[index])
                                      : "CAP_" + std::to_string(number);
}

}  // namespace paddock::os
