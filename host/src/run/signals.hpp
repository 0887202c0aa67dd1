// Signals that a user sends to a paddock that holds a sandbox. While it comes up or is cleared
// away, the first asks to stop and a second SIGINT leaves at once; while it lives, all go to the
// workload. One instance a process. [main thread]
#pragma once

#include <optional>
#include <string>

namespace paddock::run {

enum class SignalStage { kLaunch, kLive, kCleanUp };

class SignalWatch {
 public:
  /// Installs the handlers; signals that were ignored (nohup) stay ignored.
  SignalWatch();
  /// Puts the old handlers back.
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  void enter(SignalStage stage);
  /// Written to standard error when a second SIGINT skips the clean-up.
  void set_farewell(const std::string& text);

  /// Readable when a signal came while the sandbox lives.
  int fd() const;
  /// The next signal that came, 0 for none.
  int next();
  /// The signal that asked to stop the launch or the clean-up, 0 for none.
  int interrupted() const;
  /// Whether SIGTERM or SIGINT came at any time.
  bool ended_by_signal() const;
};

}  // namespace paddock::run
