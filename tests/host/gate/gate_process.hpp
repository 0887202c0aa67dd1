// The real gate, started as a launcher would start it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "os/unique_fd.hpp"
#include "proof/gate_channel.hpp"

namespace paddock::test {

std::string gate_program();

struct GateOptions {
  std::vector<std::string> launcher;  ///< put before the gate's own words, such as bwrap's
  std::string gate;                   ///< its path there; empty: gate_program()
  int stdin_fd = -1;                  ///< -1: /dev/null
  int extra_fd = -1;                  ///< leaked to the gate
};

/// Started by the constructor, killed by the destructor. Throws when it cannot be started.
class GateProcess {
 public:
  explicit GateProcess(const GateOptions& options = {});
  ~GateProcess();
  GateProcess(const GateProcess&) = delete;
  GateProcess& operator=(const GateProcess&) = delete;

  pid_t pid() const { return pid_; }
  proof::GateChannel& channel() { return *channel_; }
  void close_channel() { channel_.reset(); }
  /// Waits; 0-255, or 128+n.
  int wait();
  /// What it and its command wrote, read to the end: after wait().
  std::string output();
  void kill();

 private:
  std::optional<proof::GateChannel> channel_;
  os::UniqueFd output_;
  pid_t pid_ = -1;
};

/// Greeted and ready.
void greet(GateProcess& gate);

/// A command for release(): executed in "/", PATH only in its environment, no init.
contract::Process command(std::vector<std::string> words);

/// Waits up to 10 s for `done`; whether it came.
template <typename Function>
bool eventually(Function done) {
  for (int i = 0; i < 2000; ++i) {
    if (done()) {
      return true;
    }
    ::usleep(5000);
  }
  return false;
}

}  // namespace paddock::test
