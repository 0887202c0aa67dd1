// Where in a message the decoder stands, as a chain on the stack, and how it fails there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "paddock/contract/json_value.hpp"

namespace paddock::contract::detail {

class Place {
 public:
  /// The root of the message `name`; `problem` gets the text of the first failure.
  Place(std::string_view name, std::string& problem) : key_(name), problem_(problem) {}

  Place member(std::string_view key) const { return {this, key, 0}; }
  Place item(std::size_t index) const { return {this, {}, index}; }

  /// Records "message 'Plan': '/process/cwd' is missing"; always false.
  bool fail(std::string_view text) const;
  /// Records "... must be text, not a number"; always false.
  bool wrong_type(std::string_view wanted, const JsonValue& value) const;

 private:
  Place(const Place* parent, std::string_view key, std::size_t index)
      : parent_(parent), key_(key), index_(index), problem_(parent->problem_) {}
  std::string pointer() const;

  const Place* parent_ = nullptr;
  std::string_view key_;  ///< null data for an item of an array
  std::size_t index_ = 0;
  std::string& problem_;
};

}  // namespace paddock::contract::detail
