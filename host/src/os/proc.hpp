// The kernel's view of one process, read from /proc (proc(5)).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::os {

/// /proc/PID/status.
struct ProcStatus {
  std::vector<std::uint32_t> uids;  ///< real, effective, saved, file system; in our user namespace
  std::vector<std::uint32_t> gids;
  std::vector<std::uint32_t> groups;  ///< supplementary
  std::uint64_t cap_inheritable = 0, cap_permitted = 0, cap_effective = 0, cap_bounding = 0,
                cap_ambient = 0;
  int no_new_privs = -1;  ///< -1: the kernel does not say
  int seccomp = -1;
  int umask = -1;
  pid_t tracer = 0;                ///< of ptrace(2), in our PID namespace; 0: none
  std::uint64_t rss_peak_kib = 0;  ///< VmHWM
};
Result<ProcStatus> read_status(pid_t pid);
/// The same of the file's text.
ProcStatus parse_status(std::string_view text);

/// One line of /proc/PID/mountinfo, octal escapes undone.
struct MountInfo {
  int id = 0;
  int parent = 0;
  std::string device;       ///< "major:minor"
  std::string root;         ///< path inside its file system
  std::string target;       ///< mount point, from that process's root
  std::string options;      ///< per mount: "ro,nosuid,nodev"
  std::string propagation;  ///< optional fields: "shared:1 master:2", empty for private
  std::string fstype;
  std::string source;
  std::string super_options;

  bool has_option(std::string_view name) const;  ///< among the per-mount options
  bool has_super_option(std::string_view name) const;
};
Result<std::vector<MountInfo>> read_mountinfo(pid_t pid);
/// The same of the file's text; `path` is for the message.
Result<std::vector<MountInfo>> parse_mountinfo(std::string_view text, const std::string& path);

/// /proc/PID/limits: soft and hard by the kernel's RLIMIT name in lower case ("nofile").
struct Limit {
  std::uint64_t soft = 0, hard = 0;  ///< UINT64_MAX: unlimited
};
Result<std::map<std::string, Limit>> read_limits(pid_t pid);

/// Inode of /proc/PID/ns/NAME by name: "mnt", "pid", "net", "user", "uts", "ipc", "cgroup", "time".
Result<std::map<std::string, std::uint64_t>> read_namespaces(pid_t pid);

/// Interface names of the process's network namespace (/proc/PID/net/dev).
Result<std::vector<std::string>> read_interfaces(pid_t pid);

/// Open descriptors: number to what the link says.
Result<std::map<int, std::string>> read_descriptors(pid_t pid);

/// RLIMIT number of a kernel name in lower case ("nofile" to RLIMIT_NOFILE), or -1.
int rlimit_number(std::string_view name);

/// Number of "CAP_NET_RAW", or -1.
int capability_number(std::string_view name);
/// "CAP_NET_RAW" of 13; "CAP_41" for one that has no name here.
std::string capability_name(int number);

}  // namespace paddock::os
