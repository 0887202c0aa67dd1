// Keys that leave an attached sandbox without ending it. [one thread]
#pragma once

#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"

namespace paddock::run {

class DetachKeys {
 public:
  /// As Docker writes them: keys after commas, each one character or ctrl- and one of a-z, @, [,
  /// \\,
  /// ], ^, _; none at all for no such keys. Errors: kUsage.
  static Result<DetachKeys> parse(std::string_view text);

  /// Takes the keys out of what was typed. A beginning of them is held back until it is clear what
  /// follows. Whether they were typed to the end; what comes after is dropped.
  bool strike(std::string& typed);

 private:
  std::string keys_;
  std::string held_;  ///< the beginning of them that was typed last
};

}  // namespace paddock::run
