// A second gate inside a running sandbox: for `exec`, which releases it, and for `verify`, which
// only lets it probe. [main thread]
#pragma once

#include "proof/gate_channel.hpp"
#include "proof/ledger.hpp"
#include "run/running.hpp"
#include "run/streams.hpp"

namespace paddock::run {

struct Entry {
  proof::GateChannel channel;
  contract::ExecReply process;
  os::UniqueFd pidfd;
  Streams streams;
};

/// Waits in the sandbox, configured as the first was, with these streams or their failure.
Result<Entry> enter(const Running& running, Result<Streams> streams);

/// The plan as an entered process has it: its command and terminal.
contract::Plan entered_plan(const Running& running,
                            std::vector<std::string> command,
                            bool terminal);

/// Which process of the host's is under proof for it: itself, or the kernel in user space that runs
/// it.
pid_t entered_pid(const Running& running, const Entry& entry);

/// Proof of an entered process: kernel state of it, probes by it.
Result<proof::Ledger> prove_entry(const Running& running, const plan::Draft& draft, Entry& entry);

}  // namespace paddock::run
