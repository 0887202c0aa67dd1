#include "profile/check.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "base/text.hpp"
#include "profile/check_forms.hpp"
#include "profile/check_value.hpp"
#include "profile/core_options.hpp"
#include "profile/host_match.hpp"
#include "profile/host_paths.hpp"
#include "profile/names.hpp"
#include "profile/variables.hpp"

namespace paddock::profile {
namespace {

using Options = std::vector<OptionSpec>;

// The names that may follow `prefix` ("" or "user.") among dotted option keys.
std::vector<std::string> names_below(const Options& options, const std::string& prefix) {
  std::vector<std::string> names;
  for (const OptionSpec& option : options) {
    if (option.key.compare(0, prefix.size(), prefix) == 0) {
      const std::string rest = option.key.substr(prefix.size());
      const std::string name = rest.substr(0, rest.find('.'));
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
  }
  return names;
}

const OptionSpec* option_of(const Options& options, std::string_view key) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const OptionSpec& option) { return option.key == key; });
  return found == options.end() ? nullptr : &*found;
}

class ShapeChecker {
 public:
  ShapeChecker(const Context& context, bool expanded, Problems& problems)
      : context_(context), expanded_(expanded), problems_(problems) {}

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
      return each_table(value, key, [this](const std::string& id, const Node& table) {
        check_hardener(id, table);
      });
    }
    if (key == "resolve") {
      return check_resolve(value);
    }
    if (key == "host" && whole) {
      return each_table(value, key, [this](const std::string& pattern, const Node& table) {
        check_override(pattern, table);
      });
    }
    if (is_identity_key(key) && whole) {
      return check_identity(key, value);
    }
    const TableSpec* spec = key.empty() ? nullptr : core_table(key);
    if (spec == nullptr) {
      return unknown_key(key, value, "", top_names(whole));
    }
    if (require_table(value, "'" + key + "'")) {
      check_options(value, spec->options, key, "");
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

  // Keys of one table against option rows whose keys may be dotted.
  void check_options(const Node& table,
                     const Options& options,
                     const std::string& name,
                     const std::string& prefix) {
    for (const auto& [key, value] : *table.table()) {
      const std::string path = prefix + key;
      if (name == "workspace" && path == "folders") {
        check_folders(value);
      } else if (key.find('.') != std::string::npos) {
        quoted_dots(path, value, name, option_of(options, path) != nullptr);
      } else if (const OptionSpec* option = option_of(options, path)) {
        check_value(value, *option, Place{path, name, is_plain(name, path)}, problems_);
      } else if (!names_below(options, path + ".").empty()) {
        if (require_table(value, "'" + path + "'" + in_table(name))) {
          check_options(value, options, name, path + ".");
        }
      } else {
        auto names = names_below(options, prefix);
        if (name == "workspace") {
          names.push_back("folders");
        }
        unknown_key(path, value, name, names);
      }
    }
  }

  // "user.limit" in quotes is one name to TOML, and is not limit in user.
  void quoted_dots(const std::string& path,
                   const Node& value,
                   const std::string& table,
                   bool meant) {
    problems_.add(ErrorCode::kUnknownKey, value.key_where,
                  "unknown key '" + shown(path) + "'" + in_table(table),
                  meant ? "write " + path + ", without quotes" : std::string{});
  }

  // Commands and environment values, and whatever a plugin takes, may be of several lines.
  static bool is_plain(const std::string& table, const std::string& path) {
    return !(table == "process" && (path == "command" || path == "env")) &&
           table.compare(0, 9, "hardener.") != 0 && table != "hooks";
  }

  void check_folders(const Node& value) {
    if (!require_table(value, "'folders' in [workspace]")) {
      return;
    }
    for (const auto& [name, mode] : *value.table()) {
      if (!is_folder_name(name)) {
        add_bad_name(
            problems_, mode.key_where, name, "a workspace folder",
            "letters, digits, '.', '_' and '-', the first a letter or digit, at most 63, no '..'");
      }
      check_value(mode, folder_option(), Place{shown(name), "workspace.folders"}, problems_);
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
    each_entry(value, "mounts", [&](const Node& entry) {
      check_options(entry, mount_table().options, "mounts", "");
      check_required(entry, mount_table().options, "mounts");
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
    each_entry(value, "hooks", [&](const Node& entry) {
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
      check_options(entry, options, "hooks", "");
      check_required(entry, options, "hooks");
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
      check_options(table, *options, "hardener." + id, "");
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
    if (!require_table(value, "'resolve'")) {
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

  void check_required(const Node& table, const Options& options, const std::string& name) {
    for (const OptionSpec& option : options) {
      if (option.required && table.find(option.key) == nullptr) {
        problems_.add(ErrorCode::kMissingKey, table.where,
                      "'" + option.key + "' is missing in [[" + name + "]]");
      }
    }
  }

  void each_table(const Node& value,
                  const std::string& key,
                  const std::function<void(const std::string&, const Node&)>& visit) {
    if (!require_table(value, "'" + key + "'")) {
      return;
    }
    for (const auto& [name, table] : *value.table()) {
      if (require_table(table, "'" + key + "." + shown(name) + "'")) {
        visit(name, table);
      }
    }
  }

  void each_entry(const Node& value,
                  const std::string& key,
                  const std::function<void(const Node&)>& visit) {
    const auto* entries = value.array();
    if (entries == nullptr) {
      problems_.add(ErrorCode::kWrongType, value.where,
                    "'" + key + "' takes an array of tables, not " + std::string(type_name(value)),
                    "write [[" + key + "]]");
      return;
    }
    for (const Node& entry : *entries) {
      if (entry.table() == nullptr) {
        problems_.add(ErrorCode::kWrongType, entry.where,
                      "'" + key + "' takes an array of tables, not " +
                          std::string(type_name(entry)) + " in it");
      } else {
        visit(entry);
      }
    }
  }

  bool require_table(const Node& value, const std::string& name) {
    if (value.table() == nullptr) {
      problems_.add(ErrorCode::kWrongType, value.where,
                    name + " takes a table, not " + std::string(type_name(value)));
    }
    return value.table() != nullptr;
  }

  void unknown_key(const std::string& key,
                   const Node& value,
                   const std::string& table,
                   const std::vector<std::string>& names) {
    problems_.add(ErrorCode::kUnknownKey, value.key_where,
                  "unknown key '" + shown(key) + "'" + in_table(table), name_hint(key, names));
  }

  const Context& context_;
  bool expanded_;  // no variable is left: "${" is only text
  Problems& problems_;
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
