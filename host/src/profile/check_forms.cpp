#include "profile/check_forms.hpp"

#include "base/image_reference.hpp"
#include "base/text.hpp"
#include "profile/host_paths.hpp"
#include "profile/names.hpp"

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
