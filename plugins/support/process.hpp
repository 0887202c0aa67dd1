// Processes that outlive the call that started them: named so that no stranger is ever taken for
// one of them, and each reaped once.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/unique_fd.hpp"

namespace paddock::support {

/// A process by number and start time (clock ticks since boot), which together are unique.
struct Identity {
  pid_t pid = 0;
  std::uint64_t started = 0;
};

/// The identity of a live process; nullopt when there is none.
std::optional<Identity> identify(pid_t pid);

/// A pidfd of exactly that process; empty when it is gone.
UniqueFd open_process(const Identity& identity);

/// A pidfd of whoever has that number now; empty when nobody has.
UniqueFd open_pidfd(pid_t pid);

/// Whether the process behind `pidfd` has ended, waiting at most `timeout_ms` (-1: for ever).
bool wait_ended(int pidfd, int timeout_ms);

/// The exit code of an ended process that is another's child, by the kernel's word; 128+n for a
/// signal. Nothing while its parent has not reaped it, and before Linux 6.15. `timeout_ms`: how
/// long to wait for either. ioctl(2), PIDFD_GET_INFO.
std::optional<int> exit_code_of(int pidfd, int timeout_ms);

/// Children of this process.
class Children {
 public:
  /// The exit code of one once it has ended; 128+n for a signal. Nothing for who is no child.
  std::optional<int> reap(const Identity& child, int timeout_ms);

  /// Notes one that entered the sandbox `instance`: until it is reaped, the sandbox's first process
  /// cannot end (pid_namespaces(7)).
  void entered(const std::string& instance, const Identity& child);
  bool has_entered(const std::string& instance) const { return entered_.count(instance) != 0; }
  /// Reaps those that have ended.
  void reap_entered(const std::string& instance);
  /// Kills and reaps the others too.
  void end_entered(const std::string& instance);

 private:
  std::map<std::pair<pid_t, std::uint64_t>, int> ended_;  ///< exit codes
  std::map<std::string, std::vector<Identity>> entered_;  ///< by instance
};

}  // namespace paddock::support
