// Owner of the workspace where the container has no user namespace of its own: the workload is user
// 1000 in the host's, the folder is the caller's. A mapped mount shows the one as the other, and
// nobody's files change. Linux 5.12, mount_setattr(2).
#pragma once

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::engine {

/// Who makes files through the mount.
enum class Maker {
  kUser,    ///< the workload's user
  kServer,  ///< root, who then gives them to the workload's user, as gVisor's gofer does
};

/// A user namespace that maps the caller's user and group on disk to `user` for whoever looks
/// through a mount that has it. What a server makes is for that moment a number's on disk that
/// nobody has: the kernel lets nobody make files that is mapped to none. Needs CAP_SETUID and
/// CAP_SETGID here.
Result<support::UniqueFd> make_id_mapping(const contract::User& user, Maker maker = Maker::kUser);

}  // namespace paddock::engine
