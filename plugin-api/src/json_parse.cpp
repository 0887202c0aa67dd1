// The one user of the JSON library: its SAX parser fills our plain tree, with our limits.
#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "paddock/contract/json_value.hpp"

namespace paddock::contract {
namespace {

class TreeBuilder {
 public:
  JsonValue take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

  bool null() { return put(JsonType::kNull) != nullptr; }
  bool boolean(bool value) { return put(JsonType::kBoolean, &JsonValue::boolean, value); }
  bool number_integer(std::int64_t value) {
    return put(JsonType::kInteger, &JsonValue::integer, value);
  }
  bool number_unsigned(std::uint64_t value);
  bool number_float(double value, const std::string&) {
    return put(JsonType::kNumber, &JsonValue::number, value);
  }
  bool string(std::string& value);
  bool binary(std::vector<std::uint8_t>&) { return false; }
  bool start_object(std::size_t) { return open(JsonType::kObject); }
  bool start_array(std::size_t) { return open(JsonType::kArray); }
  bool key(std::string& key);
  bool end_object();
  bool end_array() { return open_.pop_back(), true; }
  bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception&) {
    return refuse("is not JSON at byte " + std::to_string(byte));
  }

 private:
  JsonValue* put(JsonType type);
  template <typename Value>
  bool put(JsonType type, Value JsonValue::*member, Value value) {
    JsonValue* place = put(type);
    return place != nullptr && (place->*member = std::move(value), true);
  }
  bool open(JsonType type);
  bool refuse(std::string text) { return problem_ = std::move(text), false; }

  JsonValue root_;
  std::vector<JsonValue*> open_;  // stable: only the innermost container grows
  std::size_t values_ = 0;
  std::string problem_;
};

// Null when there are too many.
JsonValue* TreeBuilder::put(JsonType type) {
  if (++values_ > kMaxJsonValues) {
    refuse("holds more than " + std::to_string(kMaxJsonValues) + " values");
    return nullptr;
  }
  JsonValue* value = &root_;
  if (!open_.empty()) {
    JsonValue& top = *open_.back();
    value = top.type == JsonType::kArray ? &top.items.emplace_back() : &top.members.back().value;
  }
  value->type = type;
  return value;
}

bool TreeBuilder::open(JsonType type) {
  if (open_.size() == kMaxJsonDepth) {
    return refuse("is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
  }
  JsonValue* container = put(type);
  if (container == nullptr) {
    return false;
  }
  open_.push_back(container);
  return true;
}

bool TreeBuilder::number_unsigned(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return number_integer(static_cast<std::int64_t>(value));
  }
  return put(JsonType::kLarge, &JsonValue::large, value);
}

bool TreeBuilder::string(std::string& value) {
  if (value.find('\0') != std::string::npos) {
    return refuse("holds a text with U+0000");
  }
  return put(JsonType::kText, &JsonValue::text, std::move(value));
}

bool TreeBuilder::key(std::string& key) {
  if (key.find('\0') != std::string::npos) {
    return refuse("holds a key with U+0000");
  }
  open_.back()->members.push_back({std::move(key), {}});
  return true;
}

bool TreeBuilder::end_object() {
  std::vector<std::string_view> keys;
  keys.reserve(open_.back()->members.size());
  for (const JsonMember& member : open_.back()->members) {
    keys.push_back(member.key);
  }
  std::sort(keys.begin(), keys.end());
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) {
    return refuse("holds an object with the same key twice");
  }
  open_.pop_back();
  return true;
}

Failure refused(std::string what) {
  return fail(ErrorCode::kPluginMisbehaved, std::move(what));
}

}  // namespace

Result<JsonValue> parse_json(std::string_view json) {
  if (json.size() > kMaxJsonBytes) {
    return refused("is larger than " + std::to_string(kMaxJsonBytes) + " bytes");
  }
  if (const auto byte = invalid_utf8(json)) {
    return refused("is not UTF-8 at byte " + std::to_string(*byte + 1));
  }
  if (json.starts_with("\xef\xbb\xbf")) {
    return refused("is not JSON at byte 1");
  }
  TreeBuilder builder;
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &builder)) {
    return refused(builder.problem());
  }
  return builder.take();
}

}  // namespace paddock::contract
