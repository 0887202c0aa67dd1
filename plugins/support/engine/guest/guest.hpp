// Containers whose kernel is not the host's but a program of gVisor's, the sentry. No process of
// the host is the workload's: what has to be seen from outside is seen on the sentry, and on the
// gofer, which opens the host's files for it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "paddock/sdk/backend.hpp"
#include "support/engine/guest/stage.hpp"
#include "support/engine/runtimes.hpp"
#include "support/host_root.hpp"
#include "support/process.hpp"

namespace paddock::engine {

class Handover;

/// Whether that is what `runtime` should make.
bool is_guest(const Runtime& runtime);

/// Over the answers that are given for every container: what is done otherwise, or cannot be done.
void answer_in_guest(sdk::Answers& answers, const contract::Plan& plan);

/// Every mount beyond the plan's, as the sentry and the gofer have them.
std::vector<contract::EngineMount> guest_mounts(const contract::Plan& plan,
                                                const support::HostRoot& root);

/// Options that make a tmpfs the workload's own: nobody can give it away from outside.
std::string guest_owner(const contract::User& user, const contract::Mount& mount);

/// The sentry keeps a place of its own in a file that it is given. Output goes to its end then,
/// also that of whoever else has it open. Errors: kUnsupported for a file that is read from its
/// middle. A `terminal` passes bytes as they are: the sandbox has one of its own behind it.
Result<void> prepare_streams(const contract::GateSpec& gate, bool terminal);

/// Adds the image's own accounts to the files of `stage`, which the gofer `pid` has already.
Result<void> bring_accounts(pid_t pid, Stage stage, pid_t engine);

/// Makes the mounts of the gofer `pid` as strict as the plan. What the gofer has open of them
/// already is held to that too. Errors: kBackendRefused for a source that is not the pinned one.
Result<void> seal_guest(pid_t pid, const contract::Plan& plan);

/// Starts a process that passes signals and the size of `terminal`, unless that is -1, to the gate
/// at the other end of `leash`, and ends as that does.
Result<support::Identity> hold_leash(const std::string& gate,
                                     const support::UniqueFd& leash,
                                     int terminal);

/// Handover::give() of a terminal, whose size it tells from then on.
Result<pid_t> give_terminal(Handover& handover,
                            const std::function<bool(pid_t)>& is_meant,
                            const contract::GateSpec& gate,
                            const std::function<bool()>& alive);

/// Why the gate did not come, where the runtime's options may be the reason.
Failure explain_guest(Error error);

/// What is shown there, at kWayTarget, for a gate that enters later (guest_entry.cpp): a folder of
/// root's, whom the workload is not. Made by make_way().
std::string way_folder(const std::string& runtime_dir);
Result<void> make_way(const std::string& runtime_dir);
void remove_way(const std::string& runtime_dir);

}  // namespace paddock::engine
