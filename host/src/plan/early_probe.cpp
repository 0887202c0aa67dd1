#include "plan/early_probe.hpp"

#include "os/task.hpp"
#include "plugin/call_guard.hpp"

namespace paddock::plan {
namespace {

class Beside final : public EarlyProbe {
 public:
  Beside(const plugin::Registry& registry,
         const plugin::Manifest& manifest,
         const profile::Profile& profile)
      : manifest_(manifest), task_([&registry, &manifest, &profile] {
          const plugin::GuardedThread guarded;
          return probe_backend(registry, manifest, &profile);
        }) {}

  const std::string& id() const override { return manifest_.id; }
  Result<Probed> take() override { return std::move(task_.wait()); }

 private:
  const plugin::Manifest& manifest_;
  os::Task<Result<Probed>> task_;
};

}  // namespace

// A stranger's plugin runs in a child process, which a launch waits for at its own pace.
std::shared_ptr<EarlyProbe> EarlyProbe::begin(const plugin::Registry& registry,
                                              const plugin::Manifest& manifest,
                                              const profile::Profile& profile) {
  return manifest.mode == plugin::Mode::kInProcess
             ? std::make_shared<Beside>(registry, manifest, profile)
             : nullptr;
}

}  // namespace paddock::plan
