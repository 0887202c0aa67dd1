// The option table as JSON Schema (draft-07), for editors: `#:schema ./profile.schema.json`.
#include <algorithm>

#include "profile/check_value.hpp"
#include "profile/core_options.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {
namespace {

using Table = Node::Table;

constexpr const char* kName = R"(^(?!.*\.\.)[a-z0-9][a-z0-9._-]{0,62}$)";
constexpr const char* kParent = R"(^(?!.*\.\.)(?!.+\.toml$)[a-z0-9][a-z0-9._-]{0,62}$)";
constexpr const char* kFolder = R"(^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,62}$)";
constexpr const char* kVariable = R"(^[A-Za-z_][A-Za-z0-9_]{0,127}$)";
constexpr const char* kSize = R"(^[0-9]+(B|KiB|MiB|GiB|TiB|KB|MB|GB|TB)?$)";
constexpr const char* kOctal = "^0[0-7]{3}$";
constexpr const char* kHostname =
    R"(^(?!.*\.\.)([A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?|.*\$\{.*)$)";
constexpr const char* kPattern = R"(^((os|arch):)?[A-Za-z0-9._*?-]{1,128}$)";

Node text(std::string value) {
  return Node(std::move(value));
}

Node texts(const std::vector<std::string>& values) {
  Node::Array items;
  for (const std::string& value : values) {
    items.push_back(text(value));
  }
  return Node(std::move(items));
}

Table of_type(const char* type) {
  return {{"type", text(type)}};
}

void add_range(Table& to, const OptionSpec& option) {
  if (option.minimum) {
    to["minimum"] = Node(*option.minimum);
  }
  if (option.maximum) {
    to["maximum"] = Node(*option.maximum);
  }
}

Table text_schema(const OptionSpec& option) {
  Table to = of_type("string");
  if (!option.choices.empty()) {
    to["enum"] = texts(option.choices);
  } else if (option.narrowing == Narrowing::kMoreBits) {
    to["pattern"] = text(kOctal);
  }
  return to;
}

Table size_schema(const OptionSpec& option) {
  Table number = of_type("integer");
  number["minimum"] = Node(std::int64_t{0});
  add_range(number, option);
  Table words = of_type("string");
  words["pattern"] = text(kSize);
  return {{"anyOf", Node(Node::Array{Node(std::move(number)), Node(std::move(words))})}};
}

Table number_schema(const OptionSpec& option) {
  Table to = of_type("number");
  add_range(to, option);
  to["minimum"] = Node(std::max(option.minimum ? static_cast<double>(*option.minimum) : 0.0, 0.01));
  return to;
}

Table value_schema(const OptionSpec& option) {
  Table to;
  switch (option.type) {
    case OptionType::kBoolean:
      return of_type("boolean");
    case OptionType::kInteger:
      to = of_type("integer");
      add_range(to, option);
      return to;
    case OptionType::kSize:
      return size_schema(option);
    case OptionType::kNumber:
      return number_schema(option);
    case OptionType::kText:
      return text_schema(option);
    case OptionType::kTexts:
      to = of_type("array");
      to["items"] = Node(text_schema(option));
      if (option.narrowing != Narrowing::kFree) {
        to["uniqueItems"] = Node(true);
      }
      return to;
    case OptionType::kTextTable:
      to = of_type("object");
      to["additionalProperties"] = Node(of_type("string"));
      return to;
  }
  return to;
}

Node option_schema(const OptionSpec& option) {
  Table to = value_schema(option);
  to["description"] = text(option.doc);
  if (option.default_value) {
    to["default"] = *option.default_value;
  }
  return Node(std::move(to));
}

Table closed_object(const std::string& doc) {
  Table to = of_type("object");
  to["additionalProperties"] = Node(false);
  to["properties"] = Node(Table{});
  to["description"] = text(doc);
  return to;
}

Table& properties(Table& object) {
  return std::get<Table>(object.at("properties").value);
}

// Puts a dotted key below its tables.
void add_option(Table& object, std::string_view key, const OptionSpec& option) {
  const std::size_t dot = key.find('.');
  Table& inner = properties(object);
  if (dot == std::string_view::npos) {
    inner[std::string(key)] = option_schema(option);
    return;
  }
  auto [below, added] = inner.try_emplace(std::string(key.substr(0, dot)));
  if (added) {
    below->second = Node(closed_object(""));
  }
  add_option(std::get<Table>(below->second.value), key.substr(dot + 1), option);
}

Table table_schema(const std::string& doc, const std::vector<OptionSpec>& options) {
  Table to = closed_object(doc);
  for (const OptionSpec& option : options) {
    add_option(to, option.key, option);
  }
  return to;
}

Table& property(Table& object, const char* name) {
  return std::get<Table>(properties(object).at(name).value);
}

// A table with free keys of one form.
Table free_table(const char* keys, Node value, const std::string& doc) {
  Table to = of_type("object");
  to["propertyNames"] = Node(Table{{"pattern", text(keys)}});
  to["additionalProperties"] = std::move(value);
  to["description"] = text(doc);
  return to;
}

Node core_schema(const TableSpec& spec) {
  Table to = table_schema(spec.doc, spec.options);
  if (spec.name == "process") {
    property(to, "env")["propertyNames"] = Node(Table{{"pattern", text(kVariable)}});
    property(to, "cwd")["pattern"] = text("^[/$]");
    property(to, "hostname")["pattern"] = text(kHostname);
    property(to, "command")["minItems"] = Node(std::int64_t{1});
  } else if (spec.name == "workspace") {
    properties(to)["folders"] =
        Node(free_table(kFolder, Node(value_schema(folder_option())), folder_option().doc));
  } else if (spec.name == "backend") {
    std::get<Table>(property(to, "prefer").at("items").value)["pattern"] = text(kName);
    property(to, "prefer")["minItems"] = Node(std::int64_t{1});
  }
  return Node(std::move(to));
}

Node array_of(Node item, const std::string& doc) {
  Table to = of_type("array");
  to["items"] = std::move(item);
  to["description"] = text(doc);
  return Node(std::move(to));
}

Node required(const char* key) {
  return Node(Table{{"required", texts({key})}});
}

Node mounts_schema() {
  Table entry = table_schema(mount_table().doc, mount_table().options);
  entry["required"] = texts({"target"});
  Table tmpfs = {{"properties", Node(Table{{"type", Node(Table{{"const", text("tmpfs")}})}})},
                 {"required", texts({"type"})}};
  entry["if"] = Node(std::move(tmpfs));
  entry["then"] = Node(Table{{"not", required("source")}});
  entry["else"] = Node(Table{{"not", required("size")}});
  return array_of(Node(std::move(entry)), mount_table().doc);
}

bool may_be(const Context& context, const std::string& id, std::string_view kind) {
  const auto found = context.plugin_kinds.find(id);
  return found == context.plugin_kinds.end() || found->second == kind;
}

// One form of an entry for each plugin that may be a hook, told apart by its id.
Node hooks_schema(const Context& context) {
  Node::Array forms;
  for (const auto& [id, options] : context.plugin_options) {
    if (!may_be(context, id, "hook")) {
      continue;
    }
    Table form = table_schema(hook_table().doc, hook_table().options);
    Node::Array needed = {text("id"), text("phase")};
    for (const OptionSpec& option : options) {
      add_option(form, option.key, option);
      if (option.required) {
        needed.push_back(text(option.key));
      }
    }
    property(form, "id")["const"] = text(id);
    form["required"] = Node(std::move(needed));
    forms.emplace_back(std::move(form));
  }
  Node item = forms.empty() ? Node(false) : Node(Table{{"anyOf", Node(std::move(forms))}});
  return array_of(std::move(item), hook_table().doc);
}

Node hardeners_schema(const Context& context) {
  Table to = closed_object("restrictions by plugins, one table an id");
  for (const auto& [id, options] : context.plugin_options) {
    if (may_be(context, id, "hardener")) {
      properties(to)[id] = Node(table_schema("keys of the hardener " + id, options));
    }
  }
  return Node(std::move(to));
}

// The tables that a profile and each of its overrides may hold.
void add_tables(Table& object, const Context& context) {
  for (const TableSpec& spec : core_tables()) {
    if (!spec.name.empty()) {
      properties(object)[spec.name] = core_schema(spec);
    }
  }
  properties(object)["mounts"] = mounts_schema();
  properties(object)["hooks"] = hooks_schema(context);
  properties(object)["hardener"] = hardeners_schema(context);
  properties(object)["resolve"] =
      Node(free_table("^/", Node(of_type("string")),
                      "leaf of the plan to the plugin whose wish wins, or \"profile\""));
}

void add_identity(Table& object) {
  for (const OptionSpec& option : core_tables().front().options) {
    add_option(object, option.key, option);
  }
  property(object, "name")["pattern"] = text(kName);
  Table& extends = property(object, "extends");
  extends["uniqueItems"] = Node(true);
  std::get<Table>(extends.at("items").value)["pattern"] = text(kParent);
}

// Line breaks and two spaces a level, so that people can read it too.
std::string indented(const std::string& json) {
  std::string out;
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted || c == '"') {
      quoted = c == '"' ? !quoted : quoted;
      out += c;
      if (c == '\\') {
        out += json[++i];
      }
      continue;
    }
    const bool opens = c == '{' || c == '[';
    const bool closes = c == '}' || c == ']';
    const bool empty = opens && (json[i + 1] == '}' || json[i + 1] == ']');
    if (empty) {
      out += c;
      out += json[++i];
      continue;
    }
    depth += opens ? 1 : 0;
    depth -= closes ? 1 : 0;
    out += closes ? "\n" + std::string(2 * depth, ' ') : "";
    out += c;
    out += opens || c == ',' ? "\n" + std::string(2 * depth, ' ') : "";
    out += c == ':' ? " " : "";
  }
  return out + "\n";
}

}  // namespace

std::string schema(const Context& context) {
  Table root = closed_object("a sandbox that paddock launches and proves");
  add_tables(root, context);
  Table inner = closed_object("what holds on this machine only");
  add_tables(inner, context);
  properties(root)["host"] = Node(free_table(
      kPattern, Node(std::move(inner)),
      "overrides by machine: a host name with '*' and '?', \"os:linux\" or \"arch:x86_64\""));
  add_identity(root);
  const Node empty(Table{{"maxProperties", Node(std::int64_t{0})}});
  root["anyOf"] = Node(Node::Array{empty, required("schema_version")});
  root["$schema"] = text("http://json-schema.org/draft-07/schema#");
  root["title"] = text("paddock profile");
  return indented(to_json(Node(std::move(root))));
}

}  // namespace paddock::profile
