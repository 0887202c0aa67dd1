#include <algorithm>

#include "base/text.hpp"
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

std::vector<std::string> named_hooks(const Profile& profile) {
  std::vector<std::string> ids;
  const Node* hooks = profile.root.find("hooks");
  if (hooks == nullptr || hooks->array() == nullptr) {
    return ids;
  }
  for (const Node& hook : *hooks->array()) {
    const Node* id = hook.find("id");
    if (id != nullptr && id->text() != nullptr &&
        std::find(ids.begin(), ids.end(), *id->text()) == ids.end()) {
      ids.push_back(*id->text());
    }
  }
  return ids;
}

std::vector<std::string> preferred_backends(const Profile& profile) {
  return strings_at(profile.root, "backend.prefer");
}

std::vector<Listing> list(const Context& context) {
  std::vector<Listing> rows;
  for (const std::string& name : profile_names(context)) {
    Problems ignored;
    const auto file = open_profile(name, context, ignored);
    Listing row;
    row.name = name;
    if (file) {
      row.file = file->layer.file;
      row.trust = file->layer.trust;
      row.description = file->description;
    } else {
      row.file = context.user_dir / (name + ".toml");
      row.trust = Trust::kUser;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace paddock::profile
