// Starts bwrap with the gate and waits until its set-up is done.
#pragma once

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "support/spawn.hpp"

namespace paddock::bubblewrap {

/// Kills and reaps a started bwrap unless it is released: nothing stays after an error.
class Running {
 public:
  explicit Running(support::Child child) : child_(std::move(child)) {}
  ~Running();
  Running(Running&&) noexcept;
  Running& operator=(Running&&) = delete;
  const support::Child& monitor() const { return child_; }
  void release() { child_.pid = -1; }

  pid_t gate = 0;  ///< the sandbox's first process

 private:
  support::Child child_;
};

/// Everything that create decides before it starts anything.
struct Startup {
  std::string bwrap;       ///< its path
  support::Launch launch;  ///< where to start it: cgroups; the rest is filled in
  const contract::CreateRequest& request;
  const struct Layout& layout;
  std::string scope;  ///< instance, when systemd-run starts it; else empty
};

/// Errors: kBackendRefused with bwrap's own words as context, kTimeout.
Result<Running> start_bwrap(Startup startup);

}  // namespace paddock::bubblewrap
