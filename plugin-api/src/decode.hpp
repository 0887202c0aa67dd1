// Reads any contract type from a JSON tree by walking its describe(). Strict: see codec.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "describe.hpp"
#include "paddock/contract/enum_names.hpp"
#include "paddock/contract/json_text.hpp"
#include "paddock/contract/json_value.hpp"
#include "place.hpp"

namespace paddock::contract::detail {

template <class T>
bool read(T& out, const JsonValue& value, const Place& place);

bool read_text(std::string& out, const JsonValue& value, const Place& place);
bool read_boolean(bool& out, const JsonValue& value, const Place& place);
bool read_code(ErrorCode& out, const JsonValue& value, const Place& place);

template <class Owner>
class MemberReader {
 public:
  MemberReader(Owner& owner, const JsonValue& object, const Place& place)
      : owner_(owner), object_(object), place_(place) {}

  template <class Member>
  void field(std::string_view name, Member Owner::*member, std::string_view) {
    take(name, owner_.*member, !kIsOptional<Member>);
  }

  template <class Member>
  void optional_field(std::string_view name, Member Owner::*member, std::string_view) {
    take(name, owner_.*member, false);
  }

  /// Whether all went well and every member of the object was known.
  bool finish() {
    ok_ = ok_ && (taken_ == object_.members.size() || unknown_member());
    return ok_;
  }

 private:
  template <class Member>
  void take(std::string_view name, Member& out, bool required) {
    known_.push_back(name);
    if (!ok_) {
      return;
    }
    const Place place = place_.member(name);
    const JsonValue* value = next(name);
    if (value == nullptr) {
      ok_ = !required || place.fail("is missing");
      return;
    }
    ++taken_;
    ok_ = read(out, *value, place);
  }

  // Members mostly come in the order of describe().
  const JsonValue* next(std::string_view name) {
    if (cursor_ < object_.members.size() && object_.members[cursor_].key == name) {
      return &object_.members[cursor_++].value;
    }
    return object_.find(name);
  }

  bool unknown_member() {
    for (const JsonMember& member : object_.members) {
      bool found = false;
      for (const std::string_view name : known_) {
        found = found || name == member.key;
      }
      if (!found) {
        return place_.member(member.key).fail("is not a member that the contract knows");
      }
    }
    return true;
  }

  Owner& owner_;
  const JsonValue& object_;
  const Place& place_;
  std::vector<std::string_view> known_;
  std::size_t cursor_ = 0;
  std::size_t taken_ = 0;
  bool ok_ = true;
};

template <class Integer>
bool read_integer(Integer& out, const JsonValue& value, const Place& place) {
  using Limits = std::numeric_limits<Integer>;
  if (value.type == JsonType::kInteger && std::in_range<Integer>(value.integer)) {
    out = static_cast<Integer>(value.integer);
    return true;
  }
  if (value.type == JsonType::kLarge && std::in_range<Integer>(value.large)) {
    out = static_cast<Integer>(value.large);
    return true;
  }
  return place.fail("must be an integer from " + std::to_string(Limits::min()) + " to " +
                    std::to_string(Limits::max()));
}

template <class Enum>
bool read_enum(Enum& out, const JsonValue& value, const Place& place) {
  if (value.type == JsonType::kText) {
    if (const auto found = enum_from_name<Enum>(value.text)) {
      out = *found;
      return true;
    }
  }
  std::string names;
  for (const std::string_view name : EnumNames<Enum>::kNames) {
    names += names.empty() ? "'" : ", '";
    names += std::string(name) + "'";
  }
  return place.fail("must be one of " + names);
}

template <class Item>
bool read_list(std::vector<Item>& out, const JsonValue& value, const Place& place) {
  if (value.type != JsonType::kArray) {
    return place.wrong_type("an array", value);
  }
  out.clear();
  out.reserve(value.items.size());
  for (const JsonValue& item : value.items) {
    out.emplace_back();
    if (!read(out.back(), item, place.item(out.size() - 1))) {
      return false;
    }
  }
  return true;
}

template <class Item>
bool read_map(std::map<std::string, Item>& out, const JsonValue& value, const Place& place) {
  if (value.type != JsonType::kObject) {
    return place.wrong_type("an object", value);
  }
  out.clear();
  for (const JsonMember& member : value.members) {
    if (!read(out[member.key], member.value, place.member(member.key))) {
      return false;
    }
  }
  return true;
}

template <class T>
bool read_struct(T& out, const JsonValue& value, const Place& place) {
  if (value.type != JsonType::kObject) {
    return place.wrong_type("an object", value);
  }
  MemberReader<T> reader(out, value, place);
  T::describe(reader);
  return reader.finish();
}

template <class T>
bool read(T& out, const JsonValue& value, const Place& place) {
  if constexpr (std::is_same_v<T, JsonText>) {
    out.text = json_text(value);
    return true;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return read_text(out, value, place);
  } else if constexpr (std::is_same_v<T, bool>) {
    return read_boolean(out, value, place);
  } else if constexpr (std::is_same_v<T, ErrorCode>) {
    return read_code(out, value, place);
  } else if constexpr (std::is_enum_v<T>) {
    return read_enum(out, value, place);
  } else if constexpr (std::is_integral_v<T>) {
    return read_integer(out, value, place);
  } else if constexpr (kIsOptional<T>) {
    return read(out.emplace(), value, place);
  } else if constexpr (kIsVector<T>) {
    return read_list(out, value, place);
  } else if constexpr (kIsMap<T>) {
    return read_map(out, value, place);
  } else {
    static_assert(Described<T>, "a contract type needs a describe()");
    return read_struct(out, value, place);
  }
}

}  // namespace paddock::contract::detail
