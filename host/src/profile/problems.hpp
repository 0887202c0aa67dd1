// Collects every problem of the files at hand, so that they are reported together.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::profile {

class Problems {
 public:
  /// Keeps `text`, from which the excerpts of errors in `file` are cut.
  void add_source(const std::string& file, std::string text);

  /// Records one problem at `where` (line 0: in the whole file). The reference may be used to add
  /// hints until the next call.
  Error& add(ErrorCode code, const SourcePos& where, std::string what, std::string hint = {});
  /// Records a ready error, and whatever it brings in `others`.
  void add(Error error);

  bool empty() const { return errors_.empty(); }
  std::size_t count() const { return errors_.size(); }

  /// The source line at `where`, trimmed; empty when it is not known.
  std::string line(const SourcePos& where) const;

  /// All of them as one error, by file (in the order of add_source), line and column; at most
  /// 100 are kept. Precondition: not empty.
  Failure take();

 private:
  std::size_t file_rank(const Error& error) const;

  std::map<std::string, std::string, std::less<>> sources_;
  std::vector<std::string> order_;
  std::vector<Error> errors_;
};

}  // namespace paddock::profile
