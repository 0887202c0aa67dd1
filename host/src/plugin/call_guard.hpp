// Ends this process with a message when a plugin that runs inside it hangs, crashes or calls
// exit() during a call. There is no undoing here, and none is needed: bubblewrap's sandboxes die
// with this process (--die-with-parent), and the journal already names everything else, so the
// next command or `paddock gc` clears it as after any kill. A plugin that calls _exit() cannot be
// caught in-process; only shipped plugins run here, strangers' run in a child.
// [main thread, and threads with a GuardedThread; one call at a time each]
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

namespace paddock::plugin {

/// How the process ends when a guard fires.
inline constexpr int kGuardExitStatus = 125;

class CallGuard {
 public:
  /// Names what runs until the destructor: "plugin 'x' ... in 'adjust'".
  CallGuard(std::string_view plugin, std::string_view method, std::chrono::milliseconds deadline);
  ~CallGuard();
  CallGuard(const CallGuard&) = delete;
  CallGuard& operator=(const CallGuard&) = delete;
};

/// While it lives, the thread that made it may call plugins beside the main one.
class GuardedThread {
 public:
  GuardedThread();
  ~GuardedThread();
  GuardedThread(const GuardedThread&) = delete;
  GuardedThread& operator=(const GuardedThread&) = delete;

 private:
  std::unique_ptr<struct GuardState> state_;
};

/// Called before a guard ends the process, to give back the terminal. Only async-signal-safe
/// calls are allowed in it. Null: nothing.
void set_last_act(void (*act)());

}  // namespace paddock::plugin
