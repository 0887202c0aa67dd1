// Files of a sandbox, whose names are its own choice, for people and machines.
#pragma once

#include <string>
#include <vector>

#include "base/node.hpp"
#include "os/tree.hpp"

namespace paddock::cli {

/// "path", and "path_hex" (its bytes) for a name that is not UTF-8; "type", "size_bytes", times.
Node::Table entry_table(const os::TreeEntry& entry);

/// A list of {"path", "why"}.
Node unseen_node(const std::vector<os::Unseen>& unseen);

/// Says on standard error "HOW 'path': why" of the first few, and how many more there are.
void warn_of_unseen(const std::string& how, const std::vector<os::Unseen>& unseen);

/// `path` as a person reads it, a folder with '/' at its end.
std::string shown_path(const os::TreeEntry& entry);

}  // namespace paddock::cli
