// Collects every problem of one file, and reads typed keys of its tables. [one thread]
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plugin {

class Problems {
 public:
  /// `text` is the file's, for excerpts; it must outlive this.
  explicit Problems(std::string_view text) : text_(text) {}

  void add(ErrorCode code, const SourcePos& where, std::string what, std::string hint = {});
  void add(Error error) { errors_.push_back(std::move(error)); }
  bool empty() const { return errors_.empty(); }
  /// All of them as one failure, in the order of the file.
  Failure take();

 private:
  std::string_view text_;
  std::vector<Error> errors_;
};

/// One table, each key asked for once; finish() reports the keys that nobody asked for.
class TableReader {
 public:
  /// `name` is "" for the top level, else "[[option]]".
  TableReader(const Node& table, std::string name, Problems& problems);

  enum class Need { kOptional, kRequired };
  /// The key's node, or null; a missing required key is a problem.
  const Node* node(const std::string& key, Need need = Need::kOptional);
  std::optional<std::string> text(const std::string& key, Need need = Need::kOptional);
  std::optional<std::int64_t> integer(const std::string& key, Need need = Need::kOptional);
  std::optional<bool> boolean(const std::string& key);
  std::optional<std::vector<std::string>> texts(const std::string& key,
                                                Need need = Need::kOptional);
  /// The index of the text among `choices`, else a problem with a hint.
  std::optional<std::size_t> choice(const std::string& key,
                                    const std::vector<std::string>& choices,
                                    Need need = Need::kOptional);
  void finish();

 private:
  void wrong_type(const std::string& key, const Node& node, std::string_view wanted);
  std::string in_table() const { return name_.empty() ? "" : " in " + name_; }

  const Node& table_;
  std::string name_;
  Problems& problems_;
  std::set<std::string> asked_;
};

}  // namespace paddock::plugin
