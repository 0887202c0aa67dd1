// Collects every problem of the files at hand, so that they are reported together.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::profile {

/// "web.toml:4:1".
std::string place_text(const SourcePos& where);

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

  /// "fixed by web.toml:4:1: pids = 512": `what`, the place, and its line where it is known.
  std::string cited(std::string_view what, const SourcePos& where) const;

  /// All of them as one error, by file (in the order of add_source), line and column; at most
  /// 100 are kept. Precondition: not empty.
  Failure take();

 private:
  std::string line(const SourcePos& where) const;  // trimmed
  std::size_t file_rank(const Error& error) const;

  std::map<std::string, std::string, std::less<>> sources_;
  std::vector<std::string> order_;
  std::vector<Error> errors_;
};

}  // namespace paddock::profile
