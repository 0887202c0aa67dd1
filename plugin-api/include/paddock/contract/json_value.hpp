// A JSON value as a plain tree, for the few places that handle JSON whose shape is not a message:
// option tables, op values, records. No library behind it appears here. Plain data; no thread rule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::contract {

enum class JsonType : std::uint8_t {
  kNull,
  kBoolean,
  kInteger,  ///< fits std::int64_t
  kLarge,    ///< an integer above INT64_MAX that fits std::uint64_t
  kNumber,   ///< with a fraction or an exponent
  kText,
  kArray,
  kObject,
};

struct JsonMember;

/// One value; only the members that belong to `type` mean anything.
struct JsonValue {
  JsonType type = JsonType::kNull;
  bool boolean = false;
  std::int64_t integer = 0;
  std::uint64_t large = 0;
  double number = 0;
  std::string text;                 ///< UTF-8 without U+0000
  std::vector<JsonValue> items;     ///< of an array
  std::vector<JsonMember> members;  ///< of an object, in the order of the text; keys are unique

  /// The member of that name, or null; null as well for what is not an object.
  const JsonValue* find(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

/// The limits of every parse.
inline constexpr std::size_t kMaxJsonBytes = 4 << 20;
inline constexpr std::size_t kMaxJsonDepth = 64;        ///< arrays and objects inside each other
inline constexpr std::size_t kMaxJsonValues = 100'000;  ///< each costs far more than its bytes

/// Strict: one value, UTF-8, no comment, no byte order mark, no duplicate key, no U+0000, within
/// the limits. Fails with kPluginMisbehaved: "is not JSON at byte 17", without a subject.
Result<JsonValue> parse_json(std::string_view json);

/// Compact text; members keep their order, so equal values give equal bytes.
std::string json_text(const JsonValue& value);
/// The same over several lines, indented by two spaces, with a final newline.
std::string pretty_json(const JsonValue& value);
/// Text as a JSON string with its quotes. Bytes above 0x7f pass unchanged.
std::string json_quote(std::string_view text);

/// Where `text` stops being UTF-8 (surrogates and overlong forms are not); nullopt when it never
/// does.
std::optional<std::size_t> invalid_utf8(std::string_view text);

}  // namespace paddock::contract
