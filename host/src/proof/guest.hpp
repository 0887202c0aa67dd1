// A sandbox whose kernel is a program of the host's: gVisor's sentry. What the host's kernel can
// tell is told of two processes: the sentry, and the gofer, which opens the host's files for it.
// The rest its own kernel tells, through the gate, before any of the workload runs. [one thread]
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "os/proc.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "proof/gate_channel.hpp"

namespace paddock::proof {

struct Subject;
struct View;

/// In the place of a device number, of a mount that the sandbox's own kernel made.
inline constexpr const char* kGuestDevice = "guest";

struct Guest {
  pid_t kernel = 0;           ///< the sentry
  pid_t files = 0;            ///< the gofer
  bool has_channel = false;   ///< the gate's, held by the sentry
  std::vector<pid_t> hosted;  ///< processes of the sandbox by which the host's kernel runs the gate

  os::ProcStatus status;  ///< of the gate
  std::vector<os::MountInfo> mounts;
  std::map<std::string, os::Limit> limits;
  bool leads_session = false;
  bool has_terminal = false;
};

/// By what the host's kernel has in the sandbox's control groups. Errors: kGate, where that is
/// no sentry and gofer.
Result<Guest> find_guest(const Subject& subject, const View& view);

/// Whether the gate at the other end of `channel`, which entered `sandbox`, is no process of the
/// host's: the one that the sandbox is known by has its end, as none of a workload could.
bool entered_guest(const contract::Sandbox& sandbox, const GateChannel& channel);

/// Asks for the gate's own state, and where the workload runs already (`first`), as far as that can
/// be asked for, for the state of the sandbox's first process instead.
Result<void> ask_guest(Guest& guest, const Subject& subject, GateChannel& channel, bool first);

/// The mounts of the gofer, and of the sentry those that are none of the host's.
Result<std::vector<os::MountInfo>> mounts_of(const Guest& guest);

}  // namespace paddock::proof
