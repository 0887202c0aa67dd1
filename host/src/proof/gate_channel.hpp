// The host's end of the channel to a waiting gate. Frames are a 32-bit little-endian length and
// that many bytes; to the gate NUL-terminated fields, from the gate one JSON object.
// The gate's side and the grammar: host/gate/protocol.h. [one thread]
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/unique_fd.hpp"
#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::proof {

/// One system call of a probe: number and arguments as in host/gate/protocol.h.
struct ProbeCall {
  long number = 0;
  std::vector<std::string> arguments;
};

struct Probe {
  std::string id;
  bool isolated = false;  ///< run in a vfork child: where it worked, later probes would mislead
  std::vector<ProbeCall> calls;  ///< stops at the first that fails
};

struct ProbeResult {
  std::string id;
  int step = 0;  ///< index of the last call made
  std::int64_t value = 0;
  int error = 0;   ///< errno of that call; 0: it succeeded
  int signal = 0;  ///< that ended an isolated probe; 0: none
};

class GateChannel {
 public:
  /// A connected pair: ours, and the one that the gate inherits (not close-on-exec there).
  static Result<std::pair<GateChannel, os::UniqueFd>> create();

  explicit GateChannel(os::UniqueFd fd) : fd_(std::move(fd)) {}
  int fd() const { return fd_.get(); }
  /// Inode of the gate's end, by which /proc/PID/fd shows who holds it; 0 when not known.
  std::uint64_t peer_inode() const { return peer_inode_; }

  /// Waits for the gate's first word. Errors: kGate (another version, closed), kTimeout.
  Result<void> await_hello(std::chrono::milliseconds deadline);
  /// rlimits, umask, session; the gate applies them to itself.
  Result<void> configure(const contract::Plan& plan);
  /// configure() and hold() in one go: what the gate makes of them is confirm()'s to tell.
  Result<void> begin(const contract::Plan& plan);
  /// Waits until the gate has done all that it was told so far.
  Result<void> confirm();
  Result<std::vector<ProbeResult>> run(const std::vector<Probe>& probes,
                                       std::chrono::milliseconds deadline);
  /// The two halves of run(), for work to be done while the gate is at its own. Several may be
  /// started before the first is finished.
  Result<void> start(const std::vector<Probe>& probes, std::chrono::milliseconds deadline);
  Result<std::vector<ProbeResult>> finish(const std::vector<Probe>& probes,
                                          std::chrono::milliseconds deadline);
  /// A file of the kernel that the gate runs on. Errors: kGate, kTimeout.
  Result<std::string> show(const std::string& path, std::chrono::milliseconds deadline);
  /// Gives the gate what it will start, and no other after that; it says that it holds it.
  /// Errors: kCannotExecute (too long), kGate.
  Result<void> hold(const contract::Process& process);
  /// The same without waiting; nothing when it has that one.
  Result<void> give(const contract::Process& process);
  /// Hand-over of `process`, which is held or is given now. Returns when the command runs: the
  /// channel is then dead in the sandbox. Errors: kCommandNotFound, kCannotExecute, kGate.
  Result<void> release(const contract::Process& process);

 private:
  using Clock = std::chrono::steady_clock;
  Result<void> send(std::string_view frame, Clock::time_point deadline);
  /// A frame that the gate is to confirm.
  Result<void> tell(std::string_view frame);
  /// One JSON object; empty at end of file.
  Result<std::string> receive(Clock::time_point deadline);

  os::UniqueFd fd_;
  std::uint64_t peer_inode_ = 0;
  std::string held_;     ///< the frame that the gate was given
  int unconfirmed_ = 0;  ///< frames whose confirmation was not read yet
};

}  // namespace paddock::proof
