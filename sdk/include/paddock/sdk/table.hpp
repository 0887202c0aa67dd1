// A plugin's own table of the profile, checked by the host against the manifest's options. Each
// getter throws std::logic_error for a key or type that the manifest does not declare: a defect
// of the plugin, which the trampoline reports with the plugin's id.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/messages.hpp"

namespace paddock::sdk {

/// A string and where the user wrote it.
struct Text {
  std::string value;
  SourcePos where;
};

class Table {
 public:
  explicit Table(contract::Config config);
  ~Table();
  Table(Table&&) noexcept;

  bool boolean(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  double number(std::string_view key) const;
  Text text(std::string_view key) const;
  std::vector<Text> texts(std::string_view key) const;
  std::map<std::string, std::string> text_table(std::string_view key) const;
  /// Whether the key has a value (an option without default may have none).
  bool has(std::string_view key) const;
  /// Where the user wrote `key`; line 0 for a default.
  SourcePos where(std::string_view key) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paddock::sdk
