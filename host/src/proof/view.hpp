// Everything that the kernel checks and the trials look at, read once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/proc.hpp"
#include "proof/checks.hpp"
#include "proof/guest.hpp"
#include "proof/proof.hpp"
#include "proof/sandbox_root.hpp"

namespace paddock::proof {

/// One line of /proc/PID/uid_map: ids inside to ids of this process's namespace.
struct IdRange {
  std::uint32_t inside = 0, outside = 0, count = 0;
};

/// A folder or file of the host that the plan or the backend shows.
struct Bind {
  std::string source, target;
};

/// Fields 6 and 7 of /proc/PID/stat.
struct Session {
  pid_t session = 0;  ///< 0: its leader is not in our PID namespace
  int terminal = 0;   ///< device number; 0: none
};

struct View {
  const Subject& subject;
  std::uint64_t channel_inode = 0;  ///< of the gate's end; 0: not known
  std::optional<struct stat> gate;  ///< the gate's program on the host
  bool is_gate = false;             ///< the process still runs it
  Result<os::ProcStatus> status = not_seen();
  Result<std::vector<os::MountInfo>> mounts = not_seen(), host_mounts = not_seen();
  Result<std::map<std::string, os::Limit>> limits = not_seen();
  Result<std::map<std::string, std::uint64_t>> namespaces = not_seen();
  Result<std::map<std::string, std::uint64_t>> host_namespaces = not_seen();
  Result<std::vector<std::string>> interfaces = not_seen();
  Result<std::map<int, std::string>> descriptors = not_seen();
  Result<std::vector<IdRange>> uids = not_seen(), gids = not_seen();
  Result<Session> session = not_seen();
  Result<SandboxRoot> root = not_seen();
  std::vector<Bind> binds = {};
  std::optional<Guest> guest = std::nullopt;  ///< the sandbox has a kernel of its own

  /// Of what was not looked at: nobody may take it for something seen.
  static Failure not_seen() { return fail(ErrorCode::kInternal, "not looked at"); }

  const contract::Plan& plan() const { return subject.draft.plan; }
  // NOLINTNEXTLINE(readability-identifier-naming): without the underscore it is a keyword
  bool requires_(std::string_view protection) const;
  /// The gate before its release, not one that stayed as init.
  bool is_waiting() const { return is_gate && channel_inode != 0; }
  /// The topmost mount that `path` lies on, or null.
  const os::MountInfo* mount_of(std::string_view path) const;
};

/// What program the process runs, and nothing else yet: enough to be tried by try_identity() and
/// try_network().
View glance(const Subject& subject, std::uint64_t channel_inode);
/// What is around the process, which trials do not change: mounts, namespaces, the root.
void look_around(View& view);
/// What is its own, for which it has to be still: a trial opens descriptors.
void look_inside(View& view);
/// All of it.
View look(const Subject& subject, std::uint64_t channel_inode);

/// The process has no capability, and no way to one, whoever's user namespace it is in.
bool gains_nothing(const View& view);

/// Path of the gate's program on the host.
std::string gate_path(const Subject& subject);

/// Whether `path` is `directory` or below it.
bool is_below(std::string_view path, std::string_view directory);

/// One file each; every function adds checks only for required protections.
void check_identity(const View& view, std::vector<Check>& list);  // user, capabilities, ...
void check_isolation(const View& view, std::vector<Check>& list);
void check_process(const View& view, std::vector<Check>& list);  // limits, session, ...
void check_mounts(const View& view, std::vector<Check>& list);
void check_network(const View& view, std::vector<Check>& list);
void check_paths(const View& view, std::vector<Check>& list);
void check_resources(const View& view, std::vector<Check>& list);
void check_volumes(const View& view, std::vector<Check>& list);

}  // namespace paddock::proof
