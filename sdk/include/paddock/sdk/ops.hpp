// Makers of ops, with the JSON done for you. The leaf's merge rule is the contract's
// (plugin-api/README.md "Merging"); `path` is a JSON pointer of a leaf.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/leaves.hpp"
#include "paddock/contract/messages.hpp"

namespace paddock::sdk {

using contract::Op;
using Ops = std::vector<Op>;

Op set(std::string path, bool value, std::string reason);
Op set(std::string path, std::int64_t value, std::string reason);
Op set(std::string path, const char* value, std::string reason);
Op set(std::string path, const std::string& value, std::string reason);
Op set(std::string path, const std::vector<std::string>& value, std::string reason);
Op set(std::string path, const contract::Mount& value, std::string reason);
/// Both leaves of /process/user.
Ops set_user(const contract::User& user, std::string reason);
Op remove(std::string path, std::string reason);
Op widen(std::string path, const std::vector<std::string>& value, std::string reason);
/// The same op, dropped and reported where the backend cannot do it.
Op optional(Op op);

}  // namespace paddock::sdk
