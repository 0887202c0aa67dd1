#include <signal.h>
#include <unistd.h>

#include "support/engine/backend.hpp"
#include "support/engine/guest/guest.hpp"
#include "support/engine/record.hpp"
#include "support/engine/volume.hpp"
#include "support/engine/way_in.hpp"

namespace paddock::engine {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

namespace {

constexpr int kReapMs = 20;  // what an engine's shim may take
constexpr const char* kInstanceLabel = "io.paddock.instance";

Failure damaged() {
  return fail(ErrorCode::kInternal, "the sandbox's record is damaged");
}

}  // namespace

Result<std::optional<Container>> EngineBackend::find(const std::string& id,
                                                     const std::string& instance) {
  const auto engine = this->engine();
  if (!engine) {
    return fail_as(engine);
  }
  auto found = (*engine)->inspect(id);
  if (!found || !*found) {
    return found;
  }
  const auto label = (*found)->labels.find(kInstanceLabel);
  return label != (*found)->labels.end() && label->second == instance
             ? std::move(found)
             : Result<std::optional<Container>>(std::nullopt);
}

Result<InspectReply> EngineBackend::inspect(const InspectRequest& request) {
  const auto record = from_json(request.record);
  InspectReply reply;
  if (!record) {
    return reply;
  }
  if (!record->exec.empty()) {
    return inspect_entered(record->exec);
  }
  if (record->entered.pid != 0) {
    const auto code = children_.reap(record->entered, 0);
    reply.state = code                                     ? RunState::kExited
                  : support::open_process(record->entered) ? RunState::kRunning
                                                           : RunState::kGone;
    reply.exit_code = code;
    return reply;
  }
  if (const auto code = ended(request.instance)) {
    reply.state = RunState::kExited;
    reply.exit_code = code;
    return reply;
  }
  const auto found = find(record->container, request.instance);
  if (!found) {
    return fail_as(found);
  }
  if (!*found) {
    reply.state = RunState::kGone;
    return reply;
  }
  if ((*found)->running) {
    reply.state = RunState::kRunning;
  } else if ((*found)->ended) {
    reply.state = RunState::kExited;
    reply.exit_code = (*found)->exit_code;
    reply.oom_killed = (*found)->oom_killed;
  }
  return reply;
}

std::optional<int> EngineBackend::ended(const std::string& instance) const {
  const auto first = firsts_.find(instance);
  if (first == firsts_.end() || !support::wait_ended(first->second.get(), 0)) {
    return std::nullopt;
  }
  const auto code = support::exit_code_of(first->second.get(), kReapMs);
  return code == 128 + SIGKILL ? std::nullopt : code;
}

Result<InspectReply> EngineBackend::inspect_entered(const std::string& exec) {
  const auto engine = this->engine();
  const auto found = engine ? (*engine)->exec_inspect(exec) : fail_as(engine);
  if (!found) {
    return fail_as(found);
  }
  InspectReply reply;
  reply.state = !*found             ? RunState::kGone
                : (*found)->running ? RunState::kRunning
                                    : RunState::kExited;
  if (reply.state != RunState::kRunning) {
    held_.erase(exec);
  }
  if (reply.state == RunState::kExited) {
    reply.exit_code = (*found)->exit_code;
  }
  return reply;
}

Result<void> EngineBackend::stop(const StopRequest& request) {
  held_.clear();
  children_.end_entered(request.sandbox.instance);
  const auto record = from_json(request.sandbox.record);
  if (!record) {
    return damaged();
  }
  const auto found = find(record->container, request.sandbox.instance);
  if (!found || !*found) {
    return found ? Result<void>{} : fail_as(found);
  }
  return engine_->stop(record->container, (request.grace_ms + 999) / 1000);
}

Result<VolumeReply> EngineBackend::volume(const VolumeRequest& request) {
  const auto engine = this->engine();
  return engine ? provide_volume(**engine, request) : fail_as(engine);
}

Result<void> EngineBackend::remove_network(const std::string& name, const std::string& instance) {
  const auto engine = this->engine();
  const auto found = engine ? (*engine)->inspect_network(name) : fail_as(engine);
  if (!found || !*found) {
    return found ? Result<void>{} : fail_as(found);
  }
  const auto label = (*found)->labels.find(kInstanceLabel);
  const bool ours = label != (*found)->labels.end() && label->second == instance;
  return ours ? (*engine)->remove_network((*found)->id) : Result<void>{};
}

Result<void> EngineBackend::remove(const RemoveRequest& request) {
  firsts_.erase(request.instance);
  ::unlink(filters_file(request.runtime_dir).c_str());
  for (const ExternalObject& object : request.objects) {
    if (object.kind == "volume") {
      const auto engine = this->engine();
      auto removed =
          engine ? remove_volume(**engine, object.id, request.instance) : fail_as(engine);
      if (!removed) {
        return removed;
      }
      continue;
    }
    if (object.kind == "stage") {
      remove_way(request.runtime_dir);
      if (auto gone = take_down_stage(request.runtime_dir); !gone) {
        return gone;
      }
      continue;
    }
    if (object.kind == "network") {
      if (auto removed = remove_network(object.id, request.instance); !removed) {
        return removed;
      }
      continue;
    }
    const auto found = find(object.id, request.instance);
    if (!found) {
      return fail_as(found);
    }
    if (*found) {
      if (auto removed = engine_->remove((*found)->id); !removed) {
        return removed;
      }
    }
  }
  return {};
}

}  // namespace paddock::engine
