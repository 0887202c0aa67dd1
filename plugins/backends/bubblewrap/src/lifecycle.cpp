#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "backend.hpp"
#include "exec.hpp"
#include "scope.hpp"

namespace paddock::bubblewrap {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

Result<ExecReply> BubblewrapBackend::exec(const ExecRequest& request) {
  const auto record = from_json(request.sandbox.record);
  if (!record) {
    return fail(ErrorCode::kInternal, "the sandbox's record is damaged");
  }
  auto pid = exec_gate(request, *record);
  if (!pid) {
    return fail_as(pid);
  }
  const auto identity = identify(*pid);
  Record notes = *record;
  notes.gate = identity.value_or(Identity{*pid, 0});
  notes.monitor = {};
  entered_[request.sandbox.instance].push_back(notes.gate);
  return ExecReply{*pid, to_json(notes)};
}

std::optional<int> BubblewrapBackend::reap(const Identity& identity, int timeout_ms) {
  const std::pair<pid_t, std::uint64_t> key(identity.pid, identity.started);
  if (const auto known = ended_.find(key); known != ended_.end()) {
    return known->second;
  }
  const support::UniqueFd pidfd = open_process(identity);
  siginfo_t info{};
  if (pidfd && wait_ended(pidfd.get(), timeout_ms) &&
      ::waitid(P_PIDFD, static_cast<id_t>(pidfd.get()), &info, WEXITED | WNOHANG) == 0 &&
      info.si_pid == identity.pid) {
    const int code = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    ended_[key] = code;
    return code;
  }
  return std::nullopt;
}

void BubblewrapBackend::reap_entered(const std::string& instance) {
  for (const Identity& identity : entered_[instance]) {
    (void)reap(identity, 0);
  }
}

bool BubblewrapBackend::await_end(int pidfd,
                                  const std::string& instance,
                                  std::uint32_t timeout_ms) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  const int slice = entered_[instance].empty() ? static_cast<int>(timeout_ms) : 10;
  do {
    reap_entered(instance);
    if (wait_ended(pidfd, slice)) {
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
  reap_entered(request.instance);
  const Identity& source = record->monitor.pid != 0 ? record->monitor : record->gate;
  const support::UniqueFd gate = open_process(record->gate);
  if (gate && !wait_ended(gate.get(), 0)) {
    reply.state = RunState::kRunning;
    return reply;
  }
  // bwrap reports the code of its child a moment after the child has ended.
  const auto code = reap(source, 1000);
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
  const support::UniqueFd gate = open_process(record->gate);
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
    (void)reap(record->monitor, 1000);
  }
  reap_entered(request.sandbox.instance);
  entered_.erase(request.sandbox.instance);
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
