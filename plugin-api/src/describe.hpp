// What the codec's templates ask of a type.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace paddock::contract::detail {

/// A visitor that does nothing, to ask whether a type has a describe().
struct NullVisitor {
  template <class Member, class Owner>
  void field(std::string_view, Member Owner::*, std::string_view) {}
  template <class Member, class Owner>
  void optional_field(std::string_view, Member Owner::*, std::string_view) {}
};

template <class T>
concept Described = requires(NullVisitor& visitor) {
  T::describe(visitor);
};

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;

template <class T>
inline constexpr bool kIsMap = false;
template <class T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;

/// The unqualified name of a type, for messages and for the schema's definitions.
template <class T>
constexpr std::string_view type_name() {
  std::string_view name = __PRETTY_FUNCTION__;  // "... [with T = paddock::Error; ...]"
  name.remove_prefix(name.find("T = ") + 4);
  name = name.substr(0, name.find_first_of(";]"));
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace paddock::contract::detail
