// The backend's own notes on a process that it started, as they travel through the host's state:
// enough to find it again from another process, and never to mistake a stranger for it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "paddock/contract/json_text.hpp"
#include "support/unique_fd.hpp"

namespace paddock::bubblewrap {

/// A process by number and start time (clock ticks since boot), which together are unique.
struct Identity {
  pid_t pid = 0;
  std::uint64_t started = 0;
};

struct Record {
  Identity gate;                 ///< the sandbox's first process, or an exec'd one
  Identity monitor;              ///< bwrap, whose status is the sandbox's; pid 0 for an exec'd one
  std::string memory_cgroup;     ///< directory; empty when memory is not limited by cgroup
  std::string scope;             ///< systemd unit; empty without one
  std::uint64_t data_bytes = 0;  ///< RLIMIT_DATA of each process; 0: not limited by it
  std::uint64_t processes = 0;   ///< RLIMIT_NPROC; 0: not limited by it
};

contract::JsonText to_json(const Record& record);
std::optional<Record> from_json(const contract::JsonText& json);

/// The identity of a live process; nullopt when there is none.
std::optional<Identity> identify(pid_t pid);

/// A pidfd of exactly that process; empty when it is gone.
support::UniqueFd open_process(const Identity& identity);

/// Whether the process behind `pidfd` has ended, waiting at most `timeout_ms` (-1: for ever).
bool wait_ended(int pidfd, int timeout_ms);

}  // namespace paddock::bubblewrap
