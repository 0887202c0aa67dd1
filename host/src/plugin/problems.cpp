#include "plugin/problems.hpp"

#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "plugin/toml_node.hpp"

namespace paddock::plugin {

void Problems::add(ErrorCode code, const SourcePos& where, std::string what, std::string hint) {
  Error error = fail_at(code, where, std::move(what), std::move(hint)).value();
  error.excerpt = source_line(text_, where.line);
  errors_.push_back(std::move(error));
}

Failure Problems::take() {
  std::stable_sort(errors_.begin(), errors_.end(), [](const Error& a, const Error& b) {
    const SourcePos left = a.where.value_or(SourcePos{});
    const SourcePos right = b.where.value_or(SourcePos{});
    return std::tie(left.line, left.column) < std::tie(right.line, right.column);
  });
  Error first = std::move(errors_.front());
  first.others.assign(std::make_move_iterator(errors_.begin() + 1),
                      std::make_move_iterator(errors_.end()));
  errors_.clear();
  return Failure(std::move(first));
}

TableReader::TableReader(const Node& table, std::string name, Problems& problems)
    : table_(table), name_(std::move(name)), problems_(problems) {}

const Node* TableReader::node(const std::string& key, Need need) {
  asked_.insert(key);
  const auto found = table_.table()->find(key);
  if (found != table_.table()->end()) {
    return &found->second;
  }
  if (need == Need::kRequired) {
    problems_.add(ErrorCode::kMissingKey, table_.where, "missing key '" + key + "'" + in_table());
  }
  return nullptr;
}

void TableReader::wrong_type(const std::string& key, const Node& node, std::string_view wanted) {
  problems_.add(
      ErrorCode::kWrongType, node.where,
      "'" + key + "' is " + std::string(wanted) + ", not " + std::string(type_name(node)));
}

std::optional<std::string> TableReader::text(const std::string& key, Need need) {
  const Node* found = node(key, need);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (found->text() == nullptr) {
    wrong_type(key, *found, "a string");
    return std::nullopt;
  }
  return *found->text();
}

std::optional<std::int64_t> TableReader::integer(const std::string& key, Need need) {
  const Node* found = node(key, need);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (found->integer() == nullptr) {
    wrong_type(key, *found, "an integer");
    return std::nullopt;
  }
  return *found->integer();
}

std::optional<bool> TableReader::boolean(const std::string& key) {
  const Node* found = node(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (found->boolean() == nullptr) {
    wrong_type(key, *found, "a boolean");
    return std::nullopt;
  }
  return *found->boolean();
}

std::optional<std::vector<std::string>> TableReader::texts(const std::string& key, Need need) {
  const Node* found = node(key, need);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (found->array() == nullptr) {
    wrong_type(key, *found, "an array of strings");
    return std::nullopt;
  }
  std::vector<std::string> result;
  for (const Node& item : *found->array()) {
    if (item.text() == nullptr) {
      wrong_type(key, item, "an array of strings");
      return std::nullopt;
    }
    if (std::find(result.begin(), result.end(), *item.text()) != result.end()) {
      problems_.add(ErrorCode::kDuplicate, item.where,
                    "'" + *item.text() + "' stands twice in '" + key + "'");
    }
    result.push_back(*item.text());
  }
  return result;
}

std::optional<std::size_t> TableReader::choice(const std::string& key,
                                               const std::vector<std::string>& choices,
                                               Need need) {
  const auto word = text(key, need);
  if (!word) {
    return std::nullopt;
  }
  const auto found = std::find(choices.begin(), choices.end(), *word);
  if (found == choices.end()) {
    problems_.add(ErrorCode::kBadValue, table_.table()->find(key)->second.where,
                  "unknown " + key + " '" + *word + "'", name_hint(*word, choices));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - choices.begin());
}

void TableReader::finish() {
  const std::vector<std::string> valid(asked_.begin(), asked_.end());
  for (const auto& [key, value] : *table_.table()) {
    if (asked_.count(key) == 0) {
      problems_.add(ErrorCode::kUnknownKey, value.key_where,
                    "unknown key '" + key + "'" + in_table(), name_hint(key, valid));
    }
  }
}

}  // namespace paddock::plugin
