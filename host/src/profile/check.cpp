#include "profile/check.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "base/text.hpp"
#include "profile/check_forms.hpp"
#include "profile/check_table.hpp"
#include "profile/check_value.hpp"
#include "profile/core_options.hpp"
#include "profile/host_match.hpp"
#include "profile/host_paths.hpp"
#include "profile/names.hpp"
#include "profile/variables.hpp"

namespace paddock::profile {
namespace {

using Options = std::vector<OptionSpec>;

class ShapeChecker {
 public:
  ShapeChecker(const Context& context, bool expanded, Problems& problems)
      : context_(context), expanded_(expanded), problems_(problems), tables_(problems) {}

  // The keys below which something is wrong.
  std::vector<std::string> check_top(const Node& root, bool whole) {
    if (whole && !root.table()->empty() && root.find("schema_version") == nullptr) {
      const SourcePos start{root.where.file, 1, 1, 1};
      problems_.add(ErrorCode::kSchemaVersion, start, "schema_version is missing",
                    "the first line of a profile is: schema_version = 1");
    }
    std::vector<std::string> wrong;
    for (const auto& [key, value] : *root.table()) {
      const std::size_t before = problems_.count();
      check_top_key(key, value, whole);
      if (problems_.count() != before) {
        wrong.push_back(key);
      }
    }
    return wrong;
  }

 private:
  void check_top_key(const std::string& key, const Node& value, bool whole) {
    if (key == "mounts") {
      return check_mounts(value);
    }
    if (key == "hooks") {
      return check_hooks(value);
    }
    if (key == "hardener") {
      return tables_.each_table(value, key, [this](const std::string& id, const Node& table) {
        check_hardener(id, table);
      });
    }
    if (key == "resolve") {
      return check_resolve(value);
    }
    if (key == "host" && whole) {
      return tables_.each_table(value, key, [this](const std::string& pattern, const Node& table) {
        check_override(pattern, table);
      });
    }
    if (is_identity_key(key) && whole) {
      return check_identity(key, value);
    }
    const TableSpec* spec = key.empty() ? nullptr : core_table(key);
    if (spec == nullptr) {
      return tables_.unknown_key(key, value, "", top_names(whole));
    }
    if (tables_.require_table(value, "'" + key + "'")) {
      tables_.check_options(value, spec->options, key, "");
      check_forms(value, key);
    }
  }

  std::vector<std::string> top_names(bool whole) const {
    std::vector<std::string> names;
    for (const TableSpec& table : core_tables()) {
      if (!table.name.empty()) {
        names.push_back(table.name);
      }
    }
    names.insert(names.end(), {"mounts", "hardener", "hooks", "resolve"});
    if (whole) {
      names.insert(names.end(), {"schema_version", "name", "description", "extends", "host"});
    }
    return names;
  }

  void check_identity(const std::string& key, const Node& value) {
    const OptionSpec& spec = *option_of(core_tables().front().options, key);
    const std::size_t before = problems_.count();
    if (key == "schema_version" && value.integer() != nullptr &&
        *value.integer() != kSchemaVersion) {
      problems_.add(
          ErrorCode::kSchemaVersion, value.where,
          "schema_version is " + std::to_string(*value.integer()) + ", and this paddock reads 1");
      return;
    }
    check_value(value, spec, Place{key, ""}, problems_);
    if (key == "extends" && value.array() != nullptr) {
      check_extends(*value.array());
    } else if (key == "name" && problems_.count() == before && !is_name(*value.text())) {
      add_bad_name(problems_, value.where, *value.text(), "a profile's name", kNameRule);
    }
  }

  void check_extends(const Node::Array& items) {
    std::set<std::string> seen;
    for (const Node& item : items) {
      if (item.text() == nullptr) {
        continue;  // said already
      }
      const std::string& name = *item.text();
      const bool path = name.find('/') != std::string::npos ||
                        name.find("..") != std::string::npos ||
                        name.find("://") != std::string::npos ||
                        (name.size() > 5 && name.substr(name.size() - 5) == ".toml");
      if (path) {
        problems_.add(ErrorCode::kExtendsPath, item.where,
                      "extends takes names of profiles, not '" + shown(name) + "'",
                      "put the file into your profile directory and name it");
      } else if (!is_name(name)) {
        add_bad_name(problems_, item.where, name, "a profile's name", kNameRule);
      } else if (!seen.insert(name).second) {
        problems_.add(ErrorCode::kDuplicate, item.where,
                      "'" + name + "' stands twice in 'extends'");
      }
    }
  }

  // What a type cannot say: absolute paths, names, variables.
  void check_forms(const Node& table, const std::string& name) {
    if (name == "process") {
      check_process_forms(table, expanded_, problems_);
    } else if (name == "backend") {
      check_backend_forms(table, problems_);
    } else if (name == "image" && expanded_) {
      check_image_forms(table, problems_);
    } else if (name == "network") {
      check_network_forms(table, expanded_, problems_);
    }
    check_names(table);
  }

  // Names of variables, while there are any.
  void check_names(const Node& node) {
    if (!expanded_) {
      check_variables(node, problems_);
    }
  }

  void check_mounts(const Node& value) {
    std::set<std::string> targets;
    tables_.each_entry(value, "mounts", [&](const Node& entry) {
      tables_.check_options(entry, mount_table().options, "mounts", "");
      tables_.check_required(entry, mount_table().options, "mounts");
      check_names(entry);
      check_mount(entry);
      const Node* target = entry.find("target");
      if (target != nullptr && target->text() != nullptr &&
          !targets.insert(normal_path(*target->text())).second) {
        problems_.add(ErrorCode::kDuplicate, target->where,
                      "two mounts have the target '" + shown(normal_path(*target->text())) + "'");
      }
    });
  }

  void check_mount(const Node& entry) {
    const Node* type = entry.find("type");
    const bool tmpfs = type != nullptr && type->text() != nullptr && *type->text() == "tmpfs";
    const Node* source = entry.find("source");
    const Node* size = entry.find("size");
    if (tmpfs && source != nullptr) {
      problems_.add(ErrorCode::kBadValue, source->key_where,
                    "a tmpfs in [[mounts]] has no 'source'");
    }
    if (!tmpfs && size != nullptr) {
      problems_.add(ErrorCode::kBadValue, size->key_where,
                    "'size' in [[mounts]] is of a tmpfs only");
    }
    check_volume(entry, expanded_, problems_);
  }

  void check_hooks(const Node& value) {
    std::set<std::pair<std::string, std::string>> seen;
    tables_.each_entry(value, "hooks", [&](const Node& entry) {
      const Node* id = entry.find("id");
      const Node* phase = entry.find("phase");
      const bool named = id != nullptr && id->text() != nullptr;
      Options options = hook_table().options;
      if (named) {
        const Options* more = plugin_options(*id->text(), id->where, "hook");
        if (more == nullptr) {
          return;
        }
        options.insert(options.end(), more->begin(), more->end());
      }
      tables_.check_options(entry, options, "hooks", "");
      tables_.check_required(entry, options, "hooks");
      check_names(entry);
      if (named && phase != nullptr && phase->text() != nullptr &&
          !seen.emplace(*id->text(), *phase->text()).second) {
        problems_.add(ErrorCode::kDuplicate, id->where,
                      "the hook '" + shown(*id->text()) + "' stands twice in one phase");
      }
    });
  }

  void check_hardener(const std::string& id, const Node& table) {
    if (const Options* options = plugin_options(id, table.key_where, "hardener")) {
      tables_.check_options(table, *options, "hardener." + id, "");
      check_names(table);
    }
  }

  // The rows of a plugin of that kind, or null with a problem recorded.
  const Options* plugin_options(const std::string& id,
                                const SourcePos& where,
                                std::string_view kind) {
    const auto found = context_.plugin_options.find(id);
    const auto known = context_.plugin_kinds.find(id);
    if (found != context_.plugin_options.end() &&
        (known == context_.plugin_kinds.end() || known->second == kind)) {
      return &found->second;
    }
    if (found != context_.plugin_options.end()) {
      problems_.add(
          ErrorCode::kUnknownPlugin, where,
          "the plugin '" + id + "' is a " + known->second + ", not a " + std::string(kind));
      return nullptr;
    }
    std::string hint = name_hint(id, context_.known_plugins);
    if (hint.empty()) {
      hint = "`paddock plugin list` shows what is installed";
    }
    problems_.add(ErrorCode::kUnknownPlugin, where, "no plugin has the id '" + shown(id) + "'",
                  std::move(hint));
    return nullptr;
  }

  void check_resolve(const Node& value) {
    if (!tables_.require_table(value, "'resolve'")) {
      return;
    }
    for (const auto& [pointer, winner] : *value.table()) {
      if (pointer.empty() || pointer.front() != '/') {
        problems_.add(ErrorCode::kBadName, winner.key_where,
                      "'" + shown(pointer) + "' in [resolve] is not a leaf of the plan",
                      "leaves look like \"/process/umask\"; `paddock plan` lists them");
      }
      if (winner.text() == nullptr) {
        problems_.add(ErrorCode::kWrongType, winner.where,
                      "'" + shown(pointer) + "' in [resolve] takes a plugin id, not " +
                          std::string(type_name(winner)));
      } else if (*winner.text() != "profile") {
        plugin_options(*winner.text(), winner.where, "hardener");
      }
    }
  }

  void check_override(const std::string& pattern, const Node& table) {
    if (!is_host_pattern(pattern)) {
      problems_.add(ErrorCode::kBadName, table.key_where,
                    "'" + shown(pattern) + "' is not a pattern for a host",
                    "a host name with '*' and '?', \"os:linux\" or \"arch:x86_64\"");
    }
    check_top(table, false);
  }

  const Context& context_;
  bool expanded_;  // no variable is left: "${" is only text
  Problems& problems_;
  TableChecker tables_;
};

}  // namespace

std::vector<std::string> check_shape(const Node& root,
                                     const Context& context,
                                     Shape shape,
                                     Problems& problems) {
  return ShapeChecker(context, shape == Shape::kExpanded, problems)
      .check_top(root, shape == Shape::kFile);
}

void drop_keys(Node& root, const std::vector<std::string>& keys) {
  auto& table = std::get<Node::Table>(root.value);
  for (const std::string& key : keys) {
    table.erase(key);
    if (key == "workspace") {
      table.erase("mounts");
    }
  }
}

const OptionSpec* option_at(std::string_view path, const Context& context) {
  const std::size_t dot = path.find('.');
  const std::string_view table = path.substr(0, dot);
  const std::string_view key = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  if (table == "hardener") {
    const std::size_t end = key.find('.');
    const auto found = context.plugin_options.find(std::string(key.substr(0, end)));
    return found == context.plugin_options.end() || end == std::string_view::npos
               ? nullptr
               : option_of(found->second, key.substr(end + 1));
  }
  if (table == "workspace" && key.substr(0, 8) == "folders.") {
    return &folder_option();
  }
  if (table == "process" && key.substr(0, 4) == "env.") {
    return option_of(core_table("process")->options, "env");
  }
  const TableSpec* spec = core_table(table);
  return spec == nullptr || table.empty() ? nullptr : option_of(spec->options, key);
}

}  // namespace paddock::profile
