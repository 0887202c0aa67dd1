// How limits of all of a sandbox's processes are kept, and what stands in where no control group
// can be had: a limit of each process (getrlimit(2)), or nothing.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "paddock/sdk/backend.hpp"

namespace paddock::support {

/// By limit: "memory", "cpu", "pids".
struct Limits {
  std::map<std::string, std::string> mechanisms;
  std::map<std::string, std::string> missing;  ///< the reason why nothing keeps it
  std::uint64_t data_bytes = 0;                ///< RLIMIT_DATA of each process; 0: not set
  std::uint64_t processes = 0;                 ///< RLIMIT_NPROC of the workload's user; 0: not set
};

/// Has an rlimit keep `limit`, or nothing. `because`: why no control group does.
void fall_back(Limits& limits,
               const contract::Resources& resources,
               const std::string& limit,
               const std::string& because);

/// Every limit at once, whatever a plan asks: for `probe`.
contract::Resources every_limit();

/// The answers of /resources/memory_bytes, cpus_milli and pids.
void answer_limits(sdk::Answers& answers, const Limits& limits);
/// Their protections; `remedy` is for those that are missing.
void report_limits(contract::ProbeReply& reply, const Limits& limits, const std::string& remedy);

/// Sets the rlimits of process `pid`, the gate that waits, from outside: none of them may bind who
/// builds the sandbox. What is lower already stays.
Result<void> limit_process(pid_t pid, const Limits& limits);

}  // namespace paddock::support
