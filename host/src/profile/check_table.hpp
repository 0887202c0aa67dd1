// Any table of a profile against rows of options: known keys, nesting, arrays of tables. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.hpp"
#include "base/option.hpp"
#include "profile/problems.hpp"

namespace paddock::profile {

/// The row of that key, or null.
const OptionSpec* option_of(const std::vector<OptionSpec>& options, std::string_view key);

/// Adds a problem for everything that it finds wrong.
class TableChecker {
 public:
  explicit TableChecker(Problems& problems) : problems_(problems) {}

  /// Keys of one table against rows whose keys may be dotted. `name`: the table, for messages;
  /// `prefix`: of its keys, "" or "user.".
  void check_options(const Node& table,
                     const std::vector<OptionSpec>& options,
                     const std::string& name,
                     const std::string& prefix);
  void check_required(const Node& table,
                      const std::vector<OptionSpec>& options,
                      const std::string& name);
  /// Visits the tables in the table `value`, which is called `key`.
  void each_table(const Node& value,
                  const std::string& key,
                  const std::function<void(const std::string&, const Node&)>& visit);
  /// The same of an array of tables.
  void each_entry(const Node& value,
                  const std::string& key,
                  const std::function<void(const Node&)>& visit);
  /// Whether it is one.
  bool require_table(const Node& value, const std::string& name);
  /// `names`: those that could be meant.
  void unknown_key(const std::string& key,
                   const Node& value,
                   const std::string& table,
                   const std::vector<std::string>& names);

 private:
  void quoted_dots(const std::string& path,
                   const Node& value,
                   const std::string& table,
                   bool meant);
  void check_folders(const Node& value);

  Problems& problems_;
};

}  // namespace paddock::profile
