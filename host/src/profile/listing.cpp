#include <algorithm>

#include "base/text.hpp"
#include "paddock/contract/enum_names.hpp"
#include "profile/core_options.hpp"
#include "profile/profile.hpp"
#include "profile/source_file.hpp"

namespace paddock::profile {
namespace {

std::vector<std::string> strings_at(const Node& root, std::string_view path) {
  std::vector<std::string> out;
  const Node* node = root.find(path);
  if (node == nullptr || node->array() == nullptr) {
    return out;
  }
  for (const Node& item : *node->array()) {
    if (item.text() != nullptr) {
      out.push_back(*item.text());
    }
  }
  return out;
}

std::string text_at(const Node& table, std::string_view key) {
  const Node* node = table.find(key);
  return node == nullptr || node->text() == nullptr ? "" : *node->text();
}

}  // namespace

std::vector<std::string> named_hardeners(const Profile& profile) {
  std::vector<std::string> ids;
  const Node* hardeners = profile.root.find("hardener");
  if (hardeners != nullptr && hardeners->table() != nullptr) {
    for (const auto& [id, table] : *hardeners->table()) {
      ids.push_back(id);
    }
  }
  return ids;
}

std::vector<HookEntry> named_hooks(const Profile& profile) {
  std::vector<HookEntry> entries;
  const Node* hooks = profile.root.find("hooks");
  if (hooks == nullptr || hooks->array() == nullptr) {
    return entries;
  }
  for (const Node& entry : *hooks->array()) {
    const auto phase = contract::enum_from_name<contract::HookPhase>(text_at(entry, "phase"));
    if (phase) {  // the loader has checked both
      entries.push_back({text_at(entry, "id"), *phase, &entry});
    }
  }
  return entries;
}

std::vector<std::string> preferred_backends(const Profile& profile) {
  return strings_at(profile.root, "backend.prefer");
}

std::vector<Listing> list(const Context& context) {
  std::vector<Listing> rows;
  for (const std::string& name : profile_names(context)) {
    Listing row;
    row.name = name;
    row.file = profile_file(name, context);
    row.trust = trust_of(row.file, context);
    Request request;
    request.profile = name;
    request.check_paths = false;
    const auto profile = resolve(request, context);
    if (profile) {
      row.description = profile->description;
    } else {
      row.broken = profile.error().what;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace paddock::profile
