// A TOML value that remembers where it was written and which layer wrote it. Copies keep their
// positions (toml++ nodes do not), so layers merge into trees of these.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "paddock/contract/error.hpp"

namespace paddock {

class Node {
 public:
  using Array = std::vector<Node>;
  using Table = std::map<std::string, Node>;
  using Value = std::variant<bool, std::int64_t, double, std::string, Array, Table>;

  Node() : value(Table{}) {}
  explicit Node(Value v, SourcePos place = {}) : value(std::move(v)), where(std::move(place)) {}

  Value value;
  SourcePos where;      ///< of the value
  SourcePos key_where;  ///< of the key that names it; empty in arrays
  std::string layer;    ///< the profile, override or "--set" that wrote it
  Array lower;          ///< merged values only: what other layers said of it, the last one first

  const Table* table() const { return std::get_if<Table>(&value); }
  const Array* array() const { return std::get_if<Array>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  const bool* boolean() const { return std::get_if<bool>(&value); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value); }

  /// The node at dotted key `path` ("process.user.uid"), or null. Keys with dots are not reachable.
  const Node* find(std::string_view path) const;
  Node* find(std::string_view path);
};

/// What a value is, in the words of an error message: "a string", "a table", ...
std::string_view type_name(const Node& node);

/// Compact JSON of the value alone; keys in order.
std::string to_json(const Node& node);

}  // namespace paddock
