// A launch that goes on in the background once its sandbox runs. [main thread]
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::run {

class Part {
 public:
  /// Forks; call it before there is any thread. The child returns at once. The parent returns when
  /// the child went into the background or ended, and then has status(). Errors: kSystem.
  static Result<Part> fork();

  /// Whether this process is such a child.
  static bool is_child();
  /// In the parent: what it should exit with.
  std::optional<int> status() const { return status_; }
  /// In the child: its sandbox runs. It says `last_words` on standard output, leaves terminal and
  /// folder, and from then on complains to the file `complaints`.
  void go(const std::string& last_words, const std::filesystem::path& complaints);

 private:
  Part(os::UniqueFd word, std::optional<int> status) : word_(std::move(word)), status_(status) {}
  os::UniqueFd word_;
  std::optional<int> status_;
};

}  // namespace paddock::run
