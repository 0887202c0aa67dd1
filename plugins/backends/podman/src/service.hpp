// `podman system service` of our own, where the machine runs none: Podman has no daemon.
#pragma once

#include <sys/types.h>

#include <string>

#include "paddock/contract/result.hpp"

namespace paddock::podman {

/// Ends with this object, and with this process.
class Service {
 public:
  /// Waits until it answers. Errors: kBackendMissing without a podman, kBackendRefused with its
  /// own words, kTimeout.
  static Result<Service> start();
  Service(Service&& other) noexcept;
  Service& operator=(Service&&) = delete;
  ~Service();

  const std::string& socket() const { return socket_; }

 private:
  Service(pid_t pid, std::string directory)
      : pid_(pid), directory_(std::move(directory)), socket_(directory_ + "/podman.sock") {}
  Result<void> await();

  pid_t pid_;
  std::string directory_;
  std::string socket_;
};

}  // namespace paddock::podman
