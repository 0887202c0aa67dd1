// What this process looks like around a call: to see what a plugin left behind.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace paddock::testing {

/// Open descriptors of this process as "number -> target", sorted.
std::vector<std::string> open_descriptors();
/// Child processes of this process, zombies included.
std::vector<pid_t> child_processes();
/// Every entry below `directory`, relative, sorted.
std::vector<std::string> entries(const std::filesystem::path& directory);

/// What a plugin has no business to change.
struct ProcessState {
  std::vector<std::string> facts;  ///< directory, umask, signal dispositions; always as many
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> descriptors;  ///< number to target
};
ProcessState process_state();

/// The lines of /proc/PID/status that begin with one of `keys`, by key, without blanks around.
std::map<std::string, std::string> status_of(pid_t pid, const std::vector<std::string>& keys);

/// A child of this process that sleeps until it is destroyed.
class Sleeper {
 public:
  /// Unconfined, or in new `namespaces` (CLONE_NEW*); then look at ready() first.
  explicit Sleeper(int namespaces = 0);
  ~Sleeper();
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  pid_t pid() const { return pid_; }
  /// Whether it is where it should be.
  bool ready() const { return ready_; }
  bool alive() const;

 private:
  pid_t pid_ = -1;
  bool ready_ = false;
};

}  // namespace paddock::testing
