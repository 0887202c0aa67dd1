// What a kernel in user space takes beside what every container does.
#include "support/engine/backend.hpp"

#include <signal.h>
#include <unistd.h>

#include "support/engine/guest/guest.hpp"
#include "support/engine/image/root_image.hpp"
#include "support/engine/request.hpp"

namespace paddock::engine {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

Result<std::vector<std::string>> EngineBackend::covers_in_guest(const Plan& plan) {
  if (plan.rootfs.type != RootfsType::kImage || !plan.rootfs.image_id) {
    return std::vector<std::string>{};
  }
  const auto engine = this->engine();
  auto image = engine ? root_image(**engine, plan, {}) : fail_as(engine);
  return image ? std::move(image->volumes) : Result<std::vector<std::string>>(fail_as(image));
}

// Who listens may be another than who serves, systemd for example, and may be gone. An engine of
// this machine has paddock's own mounts then; one that does not finds no stage, and says so.
Result<pid_t> EngineBackend::mounts_owner() {
  const auto engine = this->engine();
  if (!engine) {
    return fail_as(engine);
  }
  if (!(*engine)->listener()) {  // told only of a connection that is open
    if (auto answered = (*engine)->version(); !answered) {
      return fail_as(answered);
    }
  }
  const pid_t process = (*engine)->listener().value_or(0);
  return process > 0 && ::kill(process, 0) == 0 ? process : ::getpid();
}

Result<void> EngineBackend::put_up_stage(const ContainerRequest& request) {
  if (request.stage.is_empty()) {
    return {};
  }
  const auto process = mounts_owner();
  return process ? put_up(request.stage, *process, request.plan.process.user) : fail_as(process);
}

Result<void> EngineBackend::bring_accounts_to(pid_t gofer, const Stage& stage) {
  const auto process = mounts_owner();
  return process ? bring_accounts(gofer, stage, *process) : fail_as(process);
}

Result<void> EngineBackend::take_down_stage(const std::string& runtime_dir) {
  const auto process = mounts_owner();
  return process ? take_down(stage_directory(runtime_dir), *process) : fail_as(process);
}

}  // namespace paddock::engine
