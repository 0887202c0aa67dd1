// What a child does between its birth and exec. Only system calls: it may run in memory that its
// parent lends. Errors are left in errno.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace paddock::support {

enum class ChildStep : int { kCgroup = 1, kDescriptors, kPrivileges, kExec };

/// "cannot enter the cgroup", for messages.
std::string step_text(ChildStep step);

/// Default dispositions and an empty signal mask.
void default_signals();

/// Root's supplementary groups would follow the workload. Others cannot drop theirs, nor can root
/// in some containers; what is left is the proof's to judge.
bool leave_groups();

/// A session keyring of its own: the caller's would be searched, and its keys read, from inside.
bool leave_keyring();

/// Moves the calling, single-threaded process into a version 1 cgroup. Writing "0" to `tasks`
/// spares the lock that a write of a PID to `cgroup.procs` takes, and its RCU grace period.
bool enter_tasks(const char* file);

/// 0, 1 and 2 from `stdio`; `inherited` open under their own numbers, each >= 3; all else closes
/// at exec.
bool wire_descriptors(const std::array<int, 3>& stdio, const std::vector<int>& inherited);

}  // namespace paddock::support
