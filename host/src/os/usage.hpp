// What a group of processes uses, as the kernel tells it: by the files of its control groups
// (cgroups(7), both versions), or summed over /proc (proc(5)). Reads only. [any thread]
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace paddock::os {

/// A limit that is known to be none.
inline constexpr std::uint64_t kNoLimit = UINT64_MAX;

/// An absent value is one that the kernel does not tell, never 0.
struct Usage {
  std::optional<std::uint64_t> cpu_us;         ///< CPU time used so far
  std::optional<std::uint64_t> cpu_max_milli;  ///< limit in thousandths of a CPU, or kNoLimit
  std::optional<std::uint64_t> memory_bytes;   ///< without the page cache that can be dropped
  std::optional<std::uint64_t> memory_max_bytes;
  std::optional<std::uint64_t> tasks;  ///< processes and threads
  std::optional<std::uint64_t> tasks_max;
  std::optional<std::uint64_t> read_bytes;  ///< from block devices, so far
  std::optional<std::uint64_t> written_bytes;
  std::vector<std::string> sources;  ///< "cgroup v1", "cgroup v2", "/proc"
};

/// By the directories of Sandbox::cgroups: "memory", "cpu" and "pids" of version 1, "" of 2.
Usage cgroup_usage(const std::map<std::string, std::string>& directories);

/// Summed over `pids` (memory: each one's share of what is shared). Those that ended meanwhile
/// are left out; a value that one of the others does not tell us is absent. `proc` is for tests.
Usage process_usage(const std::vector<pid_t>& pids, const std::filesystem::path& proc = "/proc");

/// `known`, and what it lacks from `other`.
Usage completed(Usage known, const Usage& other);

/// The processes of the PID namespace with that inode (ProcStatus of its members says "pid").
/// Empty for our own: a sandbox has one of its own.
std::vector<pid_t> processes_of_namespace(std::uint64_t inode);

}  // namespace paddock::os
