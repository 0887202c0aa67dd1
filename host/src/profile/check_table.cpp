#include "profile/check_table.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "profile/check_forms.hpp"
#include "profile/check_value.hpp"
#include "profile/core_options.hpp"
#include "profile/names.hpp"

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

// Commands and environment values, and whatever a plugin takes, may be of several lines.
bool is_plain(const std::string& table, const std::string& path) {
  return !(table == "process" && (path == "command" || path == "env")) &&
         table.compare(0, 9, "hardener.") != 0 && table != "hooks";
}

}  // namespace

const OptionSpec* option_of(const Options& options, std::string_view key) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const OptionSpec& option) { return option.key == key; });
  return found == options.end() ? nullptr : &*found;
}

// Keys of one table against option rows whose keys may be dotted.
void TableChecker::check_options(const Node& table,
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
void TableChecker::quoted_dots(const std::string& path,
                               const Node& value,
                               const std::string& table,
                               bool meant) {
  problems_.add(ErrorCode::kUnknownKey, value.key_where,
                "unknown key '" + shown(path) + "'" + in_table(table),
                meant ? "write " + path + ", without quotes" : std::string{});
}

void TableChecker::check_folders(const Node& value) {
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

void TableChecker::check_required(const Node& table,
                                  const Options& options,
                                  const std::string& name) {
  for (const OptionSpec& option : options) {
    if (option.required && table.find(option.key) == nullptr) {
      problems_.add(ErrorCode::kMissingKey, table.where,
                    "'" + option.key + "' is missing in [[" + name + "]]");
    }
  }
}

void TableChecker::each_table(const Node& value,
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

void TableChecker::each_entry(const Node& value,
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
                    "'" + key + "' takes an array of tables, not " + std::string(type_name(entry)) +
                        " in it");
    } else {
      visit(entry);
    }
  }
}

bool TableChecker::require_table(const Node& value, const std::string& name) {
  if (value.table() == nullptr) {
    problems_.add(ErrorCode::kWrongType, value.where,
                  name + " takes a table, not " + std::string(type_name(value)));
  }
  return value.table() != nullptr;
}

void TableChecker::unknown_key(const std::string& key,
                               const Node& value,
                               const std::string& table,
                               const std::vector<std::string>& names) {
  problems_.add(ErrorCode::kUnknownKey, value.key_where,
                "unknown key '" + shown(key) + "'" + in_table(table), name_hint(key, names));
}

}  // namespace paddock::profile
