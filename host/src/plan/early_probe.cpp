#include "plan/early_probe.hpp"

#include "os/task.hpp"
#include "plugin/call_guard.hpp"

namespace paddock::plan {
namespace {

class Beside final : public EarlyProbe {
 public:
  Beside(const plugin::Registry& registry,
         const plugin::Manifest& manifest,
         const profile::Profile& profile,
         const contract::ProbeRequest& request)
      : manifest_(manifest), request_(request), task_([&registry, &manifest, &profile, request] {
          const plugin::GuardedThread guarded;
          return probe_backend(registry, manifest, &profile, request);
        }) {}

  bool is(const std::string& id, const contract::ProbeRequest& request) const override {
    return manifest_.id == id && request_.isolation == request.isolation;
  }
  Result<Probed> take() override { return std::move(task_.wait()); }

 private:
  const plugin::Manifest& manifest_;
  const contract::ProbeRequest request_;
  os::Task<Result<Probed>> task_;
};

}  // namespace

// A stranger's plugin runs in a child process, which a launch waits for at its own pace.
std::shared_ptr<EarlyProbe> EarlyProbe::begin(const plugin::Registry& registry,
                                              const plugin::Manifest& manifest,
                                              const profile::Profile& profile,
                                              const contract::ProbeRequest& request) {
  return manifest.mode == plugin::Mode::kInProcess
             ? std::make_shared<Beside>(registry, manifest, profile, request)
             : nullptr;
}

}  // namespace paddock::plan
