// Programs that Podman runs, and nobody here: so whether it finds them is all that matters.
#pragma once

#include <string>

namespace paddock::podman {

/// Whether there is one of that name in a directory of PATH, or in one of `directories`, which are
/// separated as there.
bool finds_program(const std::string& name, const std::string& directories = "");

}  // namespace paddock::podman
