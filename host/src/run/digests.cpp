#include "run/digests.hpp"

#include "base/digest.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "run/quiet_thread.hpp"

namespace paddock::run {
namespace {

constexpr std::size_t kGateLimit = 64 << 20;

Result<Digests> take(const plugin::Registry& registry,
                     const std::vector<const plugin::Manifest*>& manifests) {
  const auto gate = os::read_file(os::install_paths().gate, kGateLimit);
  if (!gate) {
    return fail_as(gate);
  }
  Digests digests{sha256(*gate), {}};
  for (const plugin::Manifest* manifest : manifests) {
    auto digest = registry.library_digest(*manifest);
    if (!digest) {
      return fail_as(digest);
    }
    digests.plugins.push_back({manifest->id, manifest->version, std::move(*digest)});
  }
  return digests;
}

}  // namespace

DigestTask::DigestTask(const plugin::Registry& registry,
                       std::vector<const plugin::Manifest*> manifests)
    : thread_(quiet_thread(
          [this, &registry, list = std::move(manifests)] { result_ = take(registry, list); })) {}

DigestTask::~DigestTask() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

const Result<Digests>& DigestTask::wait() {
  if (thread_.joinable()) {
    thread_.join();
  }
  return result_;
}

}  // namespace paddock::run
