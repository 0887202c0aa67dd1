// Child processes by posix_spawn: argv only, no shell, every descriptor but the named ones closed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::os {

struct SpawnOptions {
  std::vector<std::string> argv;         ///< [0] is looked up in PATH
  std::vector<std::string> environment;  ///< "KEY=value"; the whole environment
  std::vector<std::pair<int, int>>
      descriptors;  ///< (ours, number in the child); the rest is closed
};

/// A child that is ours to wait for. The destructor does not kill or wait.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  pid_t pid() const { return pid_; }
  /// Waits; the raw wait status. Errors: kSystem.
  Result<int> wait();

 private:
  pid_t pid_;
};

Result<Child> spawn(const SpawnOptions& options);

struct Captured {
  int status = 0;  ///< raw wait status
  std::string out;
  std::string err;
};

/// Runs to the end with empty stdin, output capped at `limit` bytes a stream, killed at the
/// deadline. Errors: kSystem, kTimeout.
Result<Captured> capture(const std::vector<std::string>& argv,
                         std::chrono::milliseconds deadline,
                         std::size_t limit = 1 << 20);

/// 0-255, or 128+n for a signal, of a raw wait status.
int exit_code(int wait_status);

/// A pidfd (pidfd_open(2), since Linux 5.3), close-on-exec. Errors: kSystem.
Result<UniqueFd> open_pidfd(pid_t pid);

/// Start time in clock ticks since boot (field 22 of /proc/PID/stat): with the PID, it names one
/// process for good. nullopt when there is no such process.
std::optional<std::uint64_t> start_time(pid_t pid);

}  // namespace paddock::os
