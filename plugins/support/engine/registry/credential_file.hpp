// One file with credentials for registries. [one thread]
#pragma once

#include <optional>
#include <string>

#include "paddock/contract/result.hpp"

namespace paddock::engine {

struct CredentialFile {
  std::string text;
  bool is_readable_by_others = false;

  /// Nothing where there is no file. Errors: kImage; also for one longer than 1 MiB.
  static Result<std::optional<CredentialFile>> open(const std::string& path);
};

/// kImage: a file that cannot be read, or made sense of, for the reason `why`.
Failure unreadable(const std::string& path, const std::string& why);

/// What stores credentials anew.
std::string log_in_hint(const std::string& registry);

}  // namespace paddock::engine
