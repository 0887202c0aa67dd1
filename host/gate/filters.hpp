// Filters of system calls, as another process has them. seccomp(2).
#pragma once

namespace gate {

/// Installs the programs in file `fd` (protocol.h, "FILTERS"), in their order; false with errno
/// set. Needs no_new_privs. `fd` 0: none.
bool install_filters(int fd);

}  // namespace gate
