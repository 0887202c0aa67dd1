// The backend that is asked first, loaded and probed beside the main thread while that asks the
// hardeners: neither needs the other.
#pragma once

#include <memory>
#include <string>

#include "plan/planner.hpp"

namespace paddock::plan {

/// Its thread stays for as long as it does, and so must this while the backend is used: what a
/// backend starts may be bound to the thread. [main thread]
class EarlyProbe {
 public:
  /// Null where there is nothing to begin early. Registry, manifest and profile outlive it.
  static std::shared_ptr<EarlyProbe> begin(const plugin::Registry& registry,
                                           const plugin::Manifest& manifest,
                                           const profile::Profile& profile,
                                           const contract::ProbeRequest& request);
  virtual ~EarlyProbe() = default;
  EarlyProbe() = default;
  EarlyProbe(const EarlyProbe&) = delete;
  EarlyProbe& operator=(const EarlyProbe&) = delete;

  /// Whether it asks that of that backend.
  virtual bool is(const std::string& id, const contract::ProbeRequest& request) const = 0;
  /// As probe_backend(). Once.
  virtual Result<Probed> take() = 0;
};

}  // namespace paddock::plan
