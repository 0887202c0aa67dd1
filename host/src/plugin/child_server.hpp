// The child's side of a plugin that runs in its own process: `paddock __plugin`. [one thread]
#pragma once

namespace paddock::plugin {

/// Serves frames on descriptor kChildSocketFd for the library on kChildLibraryFd until the host
/// quits or goes away; the exit status of the process. Ends with its parent.
int serve_child();

}  // namespace paddock::plugin
