// Writes any contract type as compact JSON by walking its describe().
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <type_traits>

#include "describe.hpp"
#include "error_code_text.hpp"
#include "paddock/contract/enum_names.hpp"
#include "paddock/contract/json_text.hpp"

namespace paddock::contract::detail {

/// Appends `text` as a JSON string. What is not UTF-8 passes unchanged, and every decoder then
/// refuses the message: better than a path that was silently altered.
void append_quoted(std::string& out, std::string_view text);

template <class T>
void append(std::string& out, const T& value);

template <class Owner>
class MemberWriter {
 public:
  MemberWriter(std::string& out, const Owner& owner) : out_(out), owner_(owner) {}

  template <class Member>
  void field(std::string_view name, Member Owner::*member, std::string_view) {
    if constexpr (kIsOptional<Member>) {
      if (!(owner_.*member)) {
        return;
      }
    }
    out_ += first_ ? "\"" : ",\"";
    first_ = false;
    out_ += name;
    out_ += "\":";
    append(out_, owner_.*member);
  }

  template <class Member>
  void optional_field(std::string_view name, Member Owner::*member, std::string_view doc) {
    field(name, member, doc);
  }

 private:
  std::string& out_;
  const Owner& owner_;
  bool first_ = true;
};

template <class Integer>
void append_integer(std::string& out, Integer value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

template <class List>
void append_list(std::string& out, const List& list) {
  out += '[';
  for (bool first = true; const auto& item : list) {
    out += first ? "" : ",";
    first = false;
    append(out, item);
  }
  out += ']';
}

template <class Map>
void append_map(std::string& out, const Map& map) {
  out += '{';
  for (bool first = true; const auto& [key, value] : map) {
    out += first ? "" : ",";
    first = false;
    append_quoted(out, key);
    out += ':';
    append(out, value);
  }
  out += '}';
}

template <class T>
void append(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, JsonText>) {
    out += value.text;
  } else if constexpr (std::is_same_v<T, std::string>) {
    append_quoted(out, value);
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, ErrorCode>) {
    append_quoted(out, error_code_text(value));
  } else if constexpr (std::is_enum_v<T>) {
    append_quoted(out, enum_name(value));
  } else if constexpr (std::is_integral_v<T>) {
    append_integer(out, value);
  } else if constexpr (kIsOptional<T>) {
    append(out, *value);  // absent ones never get here: MemberWriter leaves them out
  } else if constexpr (kIsVector<T>) {
    append_list(out, value);
  } else if constexpr (kIsMap<T>) {
    append_map(out, value);
  } else {
    static_assert(Described<T>, "a contract type needs a describe()");
    out += '{';
    MemberWriter<T> writer(out, value);
    T::describe(writer);
    out += '}';
  }
}

}  // namespace paddock::contract::detail
