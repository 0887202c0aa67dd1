// The tables and keys that paddock itself knows: the one source for the loader, for narrowing, for
// `paddock profile schema` and for the reference. Plugin rows come from manifests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/option.hpp"

namespace paddock::profile {

/// One table of a profile.
struct TableSpec {
  std::string name;  ///< "" for the top of the file, "process", ...
  std::string doc;   ///< one line
  std::vector<OptionSpec> options;
};

/// The tables with fixed keys; the top of the file first.
const std::vector<TableSpec>& core_tables();
/// The table of that name, or null.
const TableSpec* core_table(std::string_view name);

/// Keys of one [[mounts]] entry.
const TableSpec& mount_table();
/// Keys of one [[hooks]] entry, before the plugin's own.
const TableSpec& hook_table();
/// One value of [workspace.folders]: "ro" or "rw".
const OptionSpec& folder_option();

/// Keys of the top of the file that an override may not hold: identity and extends.
bool is_identity_key(std::string_view key);

/// The names that may stand in ${...}, in the order of the reference.
struct VariableSpec {
  std::string name;
  std::string doc;
};
const std::vector<VariableSpec>& variables();

/// The only schema_version that this paddock reads.
inline constexpr std::int64_t kSchemaVersion = 1;

}  // namespace paddock::profile
