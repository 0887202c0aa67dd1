// Where a service of our own has its socket and its log: a directory in /tmp that only this user
// enters. What a paddock that was killed left of one, the next to make one clears away.
#pragma once

#include <string>

#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::podman {

/// Removed with this object. Who is alive has it locked.
class ServiceDirectory {
 public:
  /// Errors: kSystem.
  static Result<ServiceDirectory> make();
  ServiceDirectory(ServiceDirectory&&) noexcept = default;
  ServiceDirectory& operator=(ServiceDirectory&&) = delete;
  ~ServiceDirectory();

  std::string socket() const { return path_ + "/podman.sock"; }
  std::string log() const { return path_ + "/log"; }

 private:
  ServiceDirectory(std::string path, support::UniqueFd lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  support::UniqueFd lock_;
};

}  // namespace paddock::podman
