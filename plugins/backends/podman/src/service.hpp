// `podman system service` of our own, where the machine runs none: Podman has no daemon.
#pragma once

#include <sys/types.h>

#include <string>

#include "paddock/contract/result.hpp"
#include "service_directory.hpp"

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

  std::string socket() const { return directory_.socket(); }

 private:
  Service(pid_t pid, ServiceDirectory directory) : pid_(pid), directory_(std::move(directory)) {}
  Result<void> await();

  pid_t pid_;
  ServiceDirectory directory_;
};

}  // namespace paddock::podman
