// The backend's own notes on a process that it started, as they travel through the host's state:
// enough to find it again from another process, and never to mistake a stranger for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "paddock/contract/json_text.hpp"
#include "support/process.hpp"

namespace paddock::bubblewrap {

struct Record {
  support::Identity gate;        ///< the sandbox's first process, or an exec'd one
  support::Identity monitor;     ///< bwrap, whose status is the sandbox's; pid 0 for an exec'd one
  std::string memory_cgroup;     ///< directory; empty when memory is not limited by cgroup
  std::string scope;             ///< systemd unit; empty without one
  std::uint64_t data_bytes = 0;  ///< RLIMIT_DATA of each process; 0: not limited by it
  std::uint64_t processes = 0;   ///< RLIMIT_NPROC; 0: not limited by it
};

contract::JsonText to_json(const Record& record);
std::optional<Record> from_json(const contract::JsonText& json);

}  // namespace paddock::bubblewrap
