#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>

#include "backend.hpp"
#include "layout.hpp"
#include "scope.hpp"
#include "support/entrance.hpp"

namespace paddock::bubblewrap {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

namespace {

constexpr int kNamespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                            CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

}  // namespace

Result<ExecReply> BubblewrapBackend::exec(const ExecRequest& request) {
  const auto record = from_json(request.sandbox.record);
  if (!record) {
    return fail(ErrorCode::kInternal, "the sandbox's record is damaged");
  }
  support::Entrance entrance;
  entrance.process = support::open_process(record->gate);
  if (!entrance.process) {
    return fail(ErrorCode::kBackendRefused, "the sandbox has ended");
  }
  entrance.namespaces = kNamespaces;
  entrance.capabilities = request.plan.security.capabilities;
  entrance.data_bytes = record->data_bytes;
  entrance.processes = record->processes;
  for (const auto& [controller, directory] : request.sandbox.cgroups) {
    entrance.cgroups.emplace_back(controller.empty() ? 2 : 1, directory);
  }
  const auto pid = support::enter(entrance, kGateTarget, request.gate);
  if (!pid) {
    return fail_as(pid);
  }
  Record notes = *record;
  notes.gate = support::identify(*pid).value_or(support::Identity{*pid, 0});
  notes.monitor = {};
  children_.entered(request.sandbox.instance, notes.gate);
  return ExecReply{*pid, to_json(notes)};
}

bool BubblewrapBackend::await_end(int pidfd,
                                  const std::string& instance,
                                  std::uint32_t timeout_ms) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  const int slice = children_.has_entered(instance) ? 10 : static_cast<int>(timeout_ms);
  do {
    children_.reap_entered(instance);
    if (support::wait_ended(pidfd, slice)) {
      return true;
    }
  } while (std::chrono::steady_clock::now() < deadline);
  return false;
}

Result<InspectReply> BubblewrapBackend::inspect(const InspectRequest& request) {
  const auto record = from_json(request.record);
  InspectReply reply;
  if (!record) {
    return reply;
  }
  children_.reap_entered(request.instance);
  const support::Identity& source = record->monitor.pid != 0 ? record->monitor : record->gate;
  const support::UniqueFd gate = support::open_process(record->gate);
  if (gate && !support::wait_ended(gate.get(), 0)) {
    reply.state = RunState::kRunning;
    return reply;
  }
  // bwrap reports the code of its child a moment after the child has ended.
  const auto code = children_.reap(source, 1000);
  reply.state = code ? RunState::kExited : RunState::kGone;
  reply.exit_code = code;
  reply.oom_killed = !record->memory_cgroup.empty() && memory_ran_out(record->memory_cgroup);
  return reply;
}

Result<void> BubblewrapBackend::stop(const StopRequest& request) {
  const auto record = from_json(request.sandbox.record);
  if (!record) {
    return fail(ErrorCode::kInternal, "the sandbox's record is damaged");
  }
  const support::UniqueFd gate = support::open_process(record->gate);
  if (gate) {
    const auto send = [&](int signal) {
      ::syscall(SYS_pidfd_send_signal, gate.get(), signal, nullptr, 0);
    };
    send(SIGTERM);
    if (!await_end(gate.get(), request.sandbox.instance, request.grace_ms)) {
      send(SIGKILL);
      if (!await_end(gate.get(), request.sandbox.instance, 10000)) {
        return fail(ErrorCode::kTimeout, "the sandbox does not end even when killed");
      }
    }
  }
  if (record->monitor.pid != 0) {
    (void)children_.reap(record->monitor, 1000);
  }
  children_.end_entered(request.sandbox.instance);
  return {};
}

Result<void> BubblewrapBackend::remove(const RemoveRequest& request) {
  if (request.sandbox) {
    if (auto stopped = stop({*request.sandbox, 0}); !stopped) {
      return stopped;
    }
  }
  for (const ExternalObject& object : request.objects) {
    if (object.kind == "cgroup") {
      if (auto removed = remove_cgroup(object.id, request.instance); !removed) {
        return removed;
      }
    } else if (object.kind == "volume") {
      if (auto removed = remove_volume(request.runtime_dir, object.id, request.instance);
          !removed) {
        return removed;
      }
    } else if (object.kind == "systemd-scope" && object.id == scope_name(request.instance)) {
      stop_scope(object.id);
    }
  }
  return {};
}

}  // namespace paddock::bubblewrap
