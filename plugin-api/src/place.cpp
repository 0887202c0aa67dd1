#include "place.hpp"

#include "paddock/contract/leaves.hpp"

namespace paddock::contract::detail {
namespace {

constexpr std::size_t kShownBytes = 60;

const char* type_text(JsonType type) {
  switch (type) {
    case JsonType::kNull:
      return "null";
    case JsonType::kBoolean:
      return "a boolean";
    case JsonType::kInteger:
    case JsonType::kLarge:
      return "an integer";
    case JsonType::kNumber:
      return "a number";
    case JsonType::kText:
      return "text";
    case JsonType::kArray:
      return "an array";
    case JsonType::kObject:
      return "an object";
  }
  return "?";
}

// A key is the plugin's word: it goes into a message short and without control characters.
std::string shown(std::string_view key) {
  std::string text = escape_pointer(key.substr(0, kShownBytes));
  for (char& byte : text) {
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) {
      byte = '?';
    }
  }
  while (key.size() > kShownBytes && invalid_utf8(text)) {
    text.pop_back();
  }
  return text;
}

}  // namespace

std::string Place::pointer() const {
  if (parent_ == nullptr) {
    return {};
  }
  return parent_->pointer() + "/" + (key_.data() == nullptr ? std::to_string(index_) : shown(key_));
}

bool Place::fail(std::string_view text) const {
  const Place* root = this;
  while (root->parent_ != nullptr) {
    root = root->parent_;
  }
  problem_ = "message '" + std::string(root->key_) + "'";
  problem_ += parent_ == nullptr ? " " : ": '" + pointer() + "' ";
  problem_ += text;
  return false;
}

bool Place::wrong_type(std::string_view wanted, const JsonValue& value) const {
  return fail("must be " + std::string(wanted) + ", not " + type_text(value.type));
}

}  // namespace paddock::contract::detail
