// Gate 3: is the sandbox that waits what the plan says? Kernel state read from outside, probes
// run inside as the workload's user. [one thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/messages.hpp"
#include "plan/plan.hpp"
#include "proof/gate_channel.hpp"
#include "proof/ledger.hpp"

namespace paddock::proof {

/// A file by what stat(2) says of it; both 0: none.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
};

/// Everything that the proof judges by.
struct Subject {
  const plan::Draft& draft;
  const contract::PrepareReply& prepared;  ///< the backend's answers and engine mounts
  const contract::ProbeReply& backend;     ///< its word on mechanisms
  const contract::Sandbox& sandbox;
  pid_t pid = 0;          ///< the process under proof: the gate, or an exec'd one
  std::string gate = {};  ///< the gate's program; empty: the installed one
  /// The terminal that the sandbox was made with, which it may show as /dev/console.
  FileIdentity terminal = {};
  /// The gate is not told yet what it will start, and is proved again when it is.
  bool unassigned = false;
  /// Who answers the probes; 0: `pid`.
  pid_t prober = 0;
  /// The workload runs already: it shares its user with the gate that answers, and can fill or
  /// close its own directories.
  bool handed_over = false;
};

/// Kernel state alone (for `verify` of a running sandbox).
std::vector<Check> check_kernel(const Subject& subject);

/// Probes for the plan: each must-fail with its must-succeed twin.
struct Trial {
  Probe probe;
  Check expectation;                ///< filled in but for `seen` and `holds`
  std::vector<int> allowed_errors;  ///< must-fail: any of these; empty: must succeed
  std::string twin;                 ///< id of the must-succeed probe that keeps a must-fail honest
  int decisive = 0;                 ///< must-fail: index of the call that has to be the one refused
  bool earlier_will_do = false;     ///< must-fail: one before that is as good
  std::vector<int> excused;         ///< must-succeed: errors that the sandbox is not to blame for
  std::string excuse = "the workload's own doing";
  /// Bounds of what the last call returns. A must-fail that succeeds within them also holds:
  /// reading a masked file gives 0 bytes.
  std::optional<std::int64_t> at_least, at_most;
};
std::vector<Trial> trials(const Subject& subject);

/// Judges results. A must-fail whose twin did not succeed does not hold.
std::vector<Check> judge(const std::vector<Trial>& trials, const std::vector<ProbeResult>& results);

/// Kernel checks, trials through `channel`, and `plugin_findings`, assembled. A required
/// protection without a check fails.
Result<Ledger> prove(const Subject& subject,
                     GateChannel& channel,
                     const std::vector<contract::VerifyReply>& plugin_findings);

/// The same for a sandbox that runs: kernel state of `subject.pid`, trials through a gate that has
/// entered the sandbox since.
Result<Ledger> prove_running(const Subject& subject,
                             GateChannel& channel,
                             const std::vector<contract::VerifyReply>& plugin_findings);

/// The ledger from checks already made.
Ledger assemble(const Subject& subject,
                std::vector<Check> checks,
                const std::vector<contract::VerifyReply>& plugin_findings);

/// kUnproved with one line per check that does not hold and `hint` on what became of it, or ok.
Result<void> require(const Ledger& ledger, const plan::Draft& draft, std::string hint);

}  // namespace paddock::proof
