// Removing a directory that somebody else filled: no link is followed, no file system entered that
// is mounted in it, and what its owner locked is unlocked. [any thread]
#pragma once

#include <string>

#include "paddock/contract/result.hpp"

namespace paddock::support {

/// `path` with all that is in it; fine when it is gone. Errors: kSystem, and then a part is left.
Result<void> remove_tree(const std::string& path);

}  // namespace paddock::support
