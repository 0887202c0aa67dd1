// What this process looks like around a call: to see what a plugin left behind.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace paddock::testing {

/// Open descriptors of this process as "number -> target", sorted.
std::vector<std::string> open_descriptors();
/// Child processes of this process, zombies included.
std::vector<pid_t> child_processes();
/// Every entry below `directory`, relative, sorted.
std::vector<std::string> entries(const std::filesystem::path& directory);

/// What a plugin has no business to change: directory, environment, umask, signal dispositions.
std::vector<std::string> process_state();

/// A child of this process that sleeps unconfined until it is destroyed.
class Sleeper {
 public:
  Sleeper();
  ~Sleeper();
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

}  // namespace paddock::testing
