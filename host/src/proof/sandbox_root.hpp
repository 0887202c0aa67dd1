// The file tree of a sandbox, looked at from outside through /proc/PID/root. Links inside it
// never lead out of it (openat2(2), RESOLVE_IN_ROOT). [one thread]
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::proof {

/// Whether both are the same file.
bool same_file(const struct stat& a, const struct stat& b);

/// stat(2) of a host path; nullopt when there is none.
std::optional<struct stat> host_stat(const std::string& path);

class SandboxRoot {
 public:
  static Result<SandboxRoot> open(pid_t pid);

  /// What `path` is inside, links followed; nullopt: absent or out of reach.
  std::optional<struct stat> stat(const std::string& path) const;
  /// The start of a file, 4 KiB at most; nothing when it cannot be read.
  std::optional<std::string> read(const std::string& path) const;
  /// Names in a directory, sorted, with "/" behind those of directories; empty when there is none.
  std::vector<std::string> list(const std::string& path) const;

 private:
  explicit SandboxRoot(os::UniqueFd fd) : fd_(std::move(fd)) {}
  os::UniqueFd enter(const std::string& path, int flags) const;
  os::UniqueFd fd_;
};

}  // namespace paddock::proof
