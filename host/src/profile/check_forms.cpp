#include "profile/check_forms.hpp"

#include <set>

#include "base/image_reference.hpp"
#include "base/text.hpp"
#include "profile/host_paths.hpp"
#include "profile/names.hpp"
#include "profile/publish.hpp"

namespace paddock::profile {

void add_bad_name(Problems& problems,
                  const SourcePos& where,
                  std::string_view name,
                  const std::string& what,
                  const std::string& hint) {
  const std::string quoted = name.size() > 80 ? shown(name.substr(0, 77)) + "..." : shown(name);
  problems.add(ErrorCode::kBadName, where, "'" + quoted + "' is not " + what, hint);
}

namespace {

void check_cwd(const Node& cwd, bool expanded, Problems& problems) {
  const std::string& path = *cwd.text();
  const bool open = !expanded && !path.empty() && path.front() == '$';
  if (!open && (path.empty() || path.front() != '/')) {
    problems.add(ErrorCode::kBadValue, cwd.where,
                 "'cwd' in [process] is not an absolute path: '" + shown(path) + "'",
                 "it is a path inside the sandbox, such as \"/workspace\"");
  } else if (climbs(path)) {
    problems.add(ErrorCode::kBadValue, cwd.where,
                 "'cwd' in [process] holds '..': '" + shown(path) + "'");
  }
}

void check_hostname(const Node& hostname, bool expanded, Problems& problems) {
  const std::string& name = *hostname.text();
  const bool open = !expanded && name.find("${") != std::string::npos;
  if (!open && !is_hostname(name)) {
    add_bad_name(problems, hostname.where, name, "a host name",
                 "letters, digits, '.' and '-', at most 64");
  }
}

}  // namespace

void check_process_forms(const Node& table, bool expanded, Problems& problems) {
  const Node* cwd = table.find("cwd");
  if (cwd != nullptr && cwd->text() != nullptr) {
    check_cwd(*cwd, expanded, problems);
  }
  const Node* hostname = table.find("hostname");
  if (hostname != nullptr && hostname->text() != nullptr) {
    check_hostname(*hostname, expanded, problems);
  }
  const Node* command = table.find("command");
  if (command != nullptr && command->array() != nullptr && command->array()->empty()) {
    problems.add(ErrorCode::kBadValue, command->where, "'command' in [process] is empty");
  }
  const Node* env = table.find("env");
  if (env == nullptr || env->table() == nullptr) {
    return;
  }
  for (const auto& [key, value] : *env->table()) {
    if (!is_variable_name(key)) {
      add_bad_name(problems, value.key_where, key, "an environment variable",
                   "letters, digits and '_', not starting with a digit");
    }
  }
}

void check_backend_forms(const Node& table, Problems& problems) {
  const Node* ids = table.find("prefer");
  if (ids == nullptr || ids->array() == nullptr) {
    return;
  }
  if (ids->array()->empty()) {
    problems.add(ErrorCode::kBadValue, ids->where, "'prefer' in [backend] is empty",
                 "leave the key out for any backend");
  }
  for (const Node& id : *ids->array()) {
    if (id.text() != nullptr && !is_name(*id.text())) {
      add_bad_name(problems, id.where, *id.text(), "a plugin id", kNameRule);
    }
  }
}

void check_network_forms(const Node& table, bool expanded, Problems& problems) {
  const Node* ports = table.find("publish");
  if (ports == nullptr || ports->array() == nullptr) {
    return;
  }
  std::set<std::string> taken;
  for (const Node& entry : *ports->array()) {
    if (entry.text() == nullptr || (!expanded && entry.text()->find("${") != std::string::npos)) {
      continue;
    }
    auto port = parse_publish(*entry.text());
    if (!port) {
      Error error = std::move(port).error();
      error.where = entry.where;
      problems.add(std::move(error));
    } else if (!taken.insert(publish_key(*port)).second) {
      problems.add(ErrorCode::kDuplicate, entry.where,
                   "two entries of 'publish' have the port " + publish_key(*port));
    }
  }
}

void check_volume(const Node& entry, bool expanded, Problems& problems) {
  const Node* type = entry.find("type");
  const Node* name = entry.find("volume");
  const bool is_volume = type != nullptr && type->text() != nullptr && *type->text() == "volume";
  if (is_volume) {
    if (const Node* source = entry.find("source")) {
      problems.add(ErrorCode::kBadValue, source->key_where,
                   "a volume in [[mounts]] has no 'source'", "'volume' names it");
    }
  }
  if (name == nullptr || name->text() == nullptr) {
    return;
  }
  const bool open = !expanded && name->text()->find("${") != std::string::npos;
  if (!is_volume) {
    problems.add(ErrorCode::kBadValue, name->key_where,
                 "'volume' in [[mounts]] is of type \"volume\" only", "add type = \"volume\"");
  } else if (!open && !is_name(*name->text())) {
    add_bad_name(problems, name->where, *name->text(), "a volume's name", kNameRule);
  }
}

void check_image_forms(const Node& table, Problems& problems) {
  const auto each = [&](const char* key, auto is_sound, const char* what, const char* hint) {
    const Node* node = table.find(key);
    if (node != nullptr && node->text() != nullptr && !is_sound(*node->text())) {
      add_bad_name(problems, node->where, *node->text(), what, hint);
    }
  };
  each(
      "reference", [](const std::string& text) { return image::parse_reference(text).has_value(); },
      "the name of an image", "names look like debian:13 or registry.example/team/image:1");
  each("digest", image::is_digest, "a digest", "sha256: and 64 hex digits, in small letters");
  each("platform", image::is_platform, "a platform", "such as linux/amd64");
}

}  // namespace paddock::profile
