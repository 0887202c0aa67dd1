#include "host/profile/json_schema.hpp"

#include <regex>
#include <set>

#include <nlohmann/json.hpp>

namespace paddock::test {
namespace {

using Json = nlohmann::json;

const std::set<std::string> kNotes = {"description", "default", "title", "$schema", "then", "else"};

bool is_type(const std::string& type, const Json& value) {
  return type == "object"    ? value.is_object()
         : type == "array"   ? value.is_array()
         : type == "string"  ? value.is_string()
         : type == "boolean" ? value.is_boolean()
         : type == "integer" ? value.is_number_integer()
         : type == "number"  ? value.is_number()
                             : throw std::runtime_error("unknown type " + type);
}

bool fits(const Json& pattern, const std::string& text) {
  return std::regex_search(text, std::regex(pattern.get<std::string>(), std::regex::ECMAScript));
}

std::string object_problem(const Json& schema, const Json& value, const std::string& path) {
  const Json none = Json::object();
  const Json& properties = schema.contains("properties") ? schema.at("properties") : none;
  for (const auto& [key, item] : value.items()) {
    std::string problem;
    if (schema.contains("propertyNames") && !fits(schema.at("propertyNames").at("pattern"), key)) {
      return path + ": name " + key;
    }
    if (properties.contains(key)) {
      problem = schema_problem(properties.at(key), item, path + "/" + key);
    } else if (schema.contains("additionalProperties")) {
      problem = schema_problem(schema.at("additionalProperties"), item, path + "/" + key);
    }
    if (!problem.empty()) {
      return problem;
    }
  }
  return {};
}

std::string array_problem(const Json& schema, const Json& value, const std::string& path) {
  for (std::size_t i = 0; schema.contains("items") && i < value.size(); ++i) {
    const auto problem =
        schema_problem(schema.at("items"), value[i], path + "/" + std::to_string(i));
    if (!problem.empty()) {
      return problem;
    }
  }
  return {};
}

bool holds(const std::string& keyword, const Json& want, const Json& schema, const Json& value) {
  if (keyword == "type") return is_type(want, value);
  if (keyword == "const") return value == want;
  if (keyword == "enum") return std::find(want.begin(), want.end(), value) != want.end();
  if (keyword == "pattern") return !value.is_string() || fits(want, value);
  if (keyword == "minimum") return !value.is_number() || value >= want;
  if (keyword == "maximum") return !value.is_number() || value <= want;
  if (keyword == "minItems") return !value.is_array() || value.size() >= want;
  if (keyword == "maxProperties") return !value.is_object() || value.size() <= want;
  if (keyword == "uniqueItems") {
    return !value.is_array() || std::set<Json>(value.begin(), value.end()).size() == value.size();
  }
  if (keyword == "required") {
    return !value.is_object() || std::all_of(want.begin(), want.end(), [&](const Json& key) {
      return value.contains(key.get<std::string>());
    });
  }
  if (keyword == "anyOf") {
    return std::any_of(want.begin(), want.end(),
                       [&](const Json& form) { return schema_problem(form, value).empty(); });
  }
  if (keyword == "not") return !schema_problem(want, value).empty();
  if (keyword == "if") {
    const char* branch = schema_problem(want, value).empty() ? "then" : "else";
    return !schema.contains(branch) || schema_problem(schema.at(branch), value).empty();
  }
  throw std::runtime_error("unknown keyword " + keyword);
}

const std::set<std::string> kDeep = {"properties", "additionalProperties", "propertyNames",
                                     "items"};

}  // namespace

std::string schema_problem(const Json& schema, const Json& value, const std::string& path) {
  if (schema.is_boolean()) {
    return schema.get<bool>() ? "" : path + ": not allowed";
  }
  for (const auto& [keyword, want] : schema.items()) {
    if (kNotes.count(keyword) == 0 && kDeep.count(keyword) == 0 &&
        !holds(keyword, want, schema, value)) {
      return path + ": " + keyword;
    }
  }
  if (value.is_object()) {
    return object_problem(schema, value, path);
  }
  return value.is_array() ? array_problem(schema, value, path) : std::string{};
}

}  // namespace paddock::test
