// Settings and values in words.
#include "base/units.hpp"
#include "cli/plan_view.hpp"
#include "paddock/contract/json_value.hpp"
#include "paddock/contract/leaves.hpp"

namespace paddock::cli {
namespace {

using contract::JsonType;
using contract::JsonValue;

constexpr std::size_t kShownItems = 4;

std::string text_member(const JsonValue& value, std::string_view key) {
  const JsonValue* member = value.find(key);
  return member == nullptr ? "" : member->text;
}

bool flag_member(const JsonValue& value, std::string_view key) {
  const JsonValue* member = value.find(key);
  return member != nullptr && member->boolean;
}

std::string mount_text(const JsonValue& value) {
  std::string out = text_member(value, "type");
  if (out == "bind") {
    out += " " + text_member(value, "source");
  }
  const JsonValue* size = value.find("size_bytes");
  if (size != nullptr && size->integer > 0) {
    out += " " + format_size(static_cast<std::uint64_t>(size->integer));
  }
  out += flag_member(value, "read_only") ? " ro" : " rw";
  return flag_member(value, "executable") ? out : out + " noexec";
}

std::string list_text(const JsonValue& value) {
  std::string out;
  for (std::size_t i = 0; i < value.items.size() && i < kShownItems; ++i) {
    out += (i == 0 ? "" : " ") + value.items[i].text;
  }
  const std::size_t rest = value.items.size() - std::min(value.items.size(), kShownItems);
  return value.items.empty() ? "none"
         : rest == 0         ? out
                             : out + " and " + std::to_string(rest) + " more";
}

}  // namespace

std::string setting_name(const std::string& pointer) {
  std::string out;
  for (std::size_t from = 1; from <= pointer.size();) {
    const std::size_t to = std::min(pointer.find('/', from), pointer.size());
    const std::string part = contract::unescape_pointer(pointer.substr(from, to - from));
    const contract::LeafRule* rule = contract::leaf_rule(pointer);
    const bool is_key = rule != nullptr && rule->pattern.ends_with("/*") && to == pointer.size();
    out += is_key ? "[" + part + "]" : (out.empty() ? "" : ".") + part;
    from = to + 1;
  }
  return out;
}

std::string setting_value(const std::string& pointer, const std::string& json) {
  const auto value = contract::parse_json(json);
  if (!value) {
    return json;  // a word of ours, such as "removed"
  }
  switch (value->type) {
    case JsonType::kText:
      return value->text;
    case JsonType::kArray:
      return list_text(*value);
    case JsonType::kObject:
      return mount_text(*value);
    case JsonType::kInteger:
      return pointer.ends_with("_bytes") ? format_size(static_cast<std::uint64_t>(value->integer))
                                         : json;
    default:
      return json;
  }
}

}  // namespace paddock::cli
