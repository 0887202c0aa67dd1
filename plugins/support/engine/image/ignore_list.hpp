// What of a folder is not sent to a build: the patterns of .containerignore, else .dockerignore, as
// `docker build` and `podman build` read them before they send. Pure but for of(); [any thread].
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::engine {

class IgnoreList {
 public:
  /// Leaves nothing out.
  IgnoreList() = default;
  /// One pattern a line, `#` begins a comment, `!` takes back; of several the last one counts.
  explicit IgnoreList(std::string_view text);
  /// That of the folder `context`. Errors: kSystem for a file that cannot be read: what it keeps
  /// back may be secret.
  static Result<IgnoreList> of(const std::string& context);

  /// `path` is sent whatever the patterns say.
  void keep(std::string path) { kept_.push_back(std::move(path)); }

  /// Whether `path`, relative to the folder, or a folder that it is in matches.
  bool excludes(const std::string& path) const;
  /// Whether nothing of the folder `path` can be taken back.
  bool excludes_all_of(const std::string& path) const;

 private:
  struct Pattern {
    std::vector<std::string> parts;  ///< between slashes; "**" is any number of them
    bool takes_back;
  };
  std::vector<Pattern> patterns_;
  std::vector<std::string> kept_;
};

}  // namespace paddock::engine
