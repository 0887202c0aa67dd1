#include "plugin/abi_table.hpp"

#include <cstring>
#include <string_view>

#include "plugin/sources.hpp"

namespace paddock::plugin {
namespace {

Failure broken(const std::string& id, const std::string& why) {
  return fail(ErrorCode::kPluginAbi, "plugin '" + id + "' breaks the ABI: " + why);
}

/// The name of the first function that is missing, or empty.
std::string_view missing_function(const paddock_plugin& table) {
  if (table.create == nullptr) {
    return "create";
  }
  if (table.call == nullptr) {
    return "call";
  }
  if (table.cancel == nullptr) {
    return "cancel";
  }
  if (table.destroy == nullptr) {
    return "destroy";
  }
  return table.extension == nullptr ? "extension" : "";
}

}  // namespace

Result<paddock_plugin> check_table(const paddock_plugin* table,
                                   const std::string& id,
                                   const std::string& manifest) {
  if (table == nullptr) {
    return broken(id, "paddock_plugin_v1() returns null");
  }
  if (table->size < sizeof(paddock_plugin)) {  // the only field that every size has
    return broken(id, "its struct has " + std::to_string(table->size) + " bytes, " +
                          std::to_string(sizeof(paddock_plugin)) + " are needed");
  }
  if (table->magic != PADDOCK_MAGIC) {
    return broken(id, "its struct does not hold the magic number");
  }
  paddock_plugin copy;
  std::memcpy(&copy, table, sizeof(copy));
  if (const std::string_view name = missing_function(copy); !name.empty()) {
    return broken(id, "its function '" + std::string(name) + "' is null");
  }
  if (copy.manifest.ptr == nullptr ||
      std::string_view(copy.manifest.ptr, copy.manifest.len) != manifest) {
    return fail(ErrorCode::kPluginTrust,
                "plugin '" + id + "' embeds another manifest than its manifest.toml", kRebuild);
  }
  return copy;
}

}  // namespace paddock::plugin
