// The terminal of the workload, which is paddock's own, gets a name in the container: /dev/console.
#pragma once

#include <string>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"
#include "support/mount_namespace.hpp"

namespace paddock::engine {

inline constexpr const char* kConsole = "/dev/console";

class ShownTerminal {
 public:
  /// The terminal that `fd` is. Errors: kSystem.
  static Result<ShownTerminal> find(int fd);

  /// Moves the calling process in, and shows it there. /dev is writable then, whatever it was. For
  /// a child of its own [async-signal-safe]; false with errno.
  bool enter(const support::MountNamespace& inside) const;

 private:
  std::string path_;
  contract::FileIdentity identity_;
};

}  // namespace paddock::engine
