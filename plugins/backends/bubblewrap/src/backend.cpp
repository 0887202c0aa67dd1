// The backend as the host sees it: each method is a few lines over the files beside this one.
#include "paddock/sdk/backend.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <optional>

#include "answers.hpp"
#include "cgroup.hpp"
#include "exec.hpp"
#include "hierarchy.hpp"
#include "program.hpp"
#include "record.hpp"
#include "scope.hpp"
#include "seal.hpp"
#include "startup.hpp"

namespace paddock::bubblewrap {
namespace {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

std::map<std::string, std::string> cgroup_map(const LimitPlan& limits) {
  std::map<std::string, std::string> directories;
  for (const CgroupPlace& place : limits.places) {
    for (const std::string& limit : place.limits) {
      directories[place.version == 2 ? "" : limit] = place.directory;
    }
  }
  return directories;
}

// From outside, before the gate is told to go: no rlimit of ours may bind bwrap itself.
Result<void> limit_process(pid_t pid, int which, std::uint64_t value, const char* name) {
  const rlimit both{value, value};
  if (value != 0 && ::prlimit(pid, static_cast<__rlimit_resource>(which), &both, nullptr) != 0) {
    return fail_errno(errno, std::string("cannot set ") + name + " of the sandbox");
  }
  return {};
}

}  // namespace

class BubblewrapBackend final : public sdk::Backend {
 public:
  Result<ProbeReply> probe() override { return probe_machine(); }
  Result<PrepareReply> prepare(const PrepareRequest& request) override;
  Result<Sandbox> create(const CreateRequest& request) override;
  Result<ExecReply> exec(const ExecRequest& request) override;
  Result<InspectReply> inspect(const InspectRequest& request) override;
  Result<void> stop(const StopRequest& request) override;
  Result<void> remove(const RemoveRequest& request) override;

 private:
  Result<Sandbox> start(const CreateRequest& request, const LimitPlan& limits);
  std::optional<int> reap(const Identity& identity, int timeout_ms);

  std::map<pid_t, int> ended_;                            ///< exit codes of children already reaped
  std::map<std::string, std::vector<Identity>> entered_;  ///< exec'd gates by instance
};

Result<PrepareReply> BubblewrapBackend::prepare(const PrepareRequest& request) {
  const Layout layout = survey(request.plan);
  const LimitPlan limits = plan_limits(request.plan.resources, request.instance);
  PrepareReply reply;
  reply.answers = answer(request.plan, layout, limits);
  reply.engine_mounts = layout.mounts;
  for (const CgroupPlace& place : limits.places) {
    reply.objects.push_back({"cgroup", place.directory});
  }
  if (limits.scope) {
    reply.objects.push_back({"systemd-scope", scope_name(request.instance)});
  }
  return reply;
}

Result<Sandbox> BubblewrapBackend::create(const CreateRequest& request) {
  const LimitPlan limits = plan_limits(request.plan.resources, request.instance);
  if (auto made = make_cgroups(limits, request.plan.resources); !made) {
    return fail_as(made);
  }
  auto sandbox = start(request, limits);
  if (!sandbox) {
    for (const CgroupPlace& place : limits.places) {
      (void)remove_cgroup(place.directory, request.instance).has_value();
    }
  }
  return sandbox;
}

Result<Sandbox> BubblewrapBackend::start(const CreateRequest& request, const LimitPlan& limits) {
  auto bwrap = find_bwrap();
  if (!bwrap) {
    return fail_as(bwrap);
  }
  const Layout layout = survey(request.plan);
  Startup startup{bwrap->path, {}, request, layout, limits.scope ? request.instance : ""};
  support::UniqueFd v2;
  for (const CgroupPlace& place : limits.places) {
    if (place.version == 1) {
      startup.launch.tasks.push_back(place.directory + "/tasks");
    } else {
      v2.reset(::open(place.directory.c_str(), O_DIRECTORY | O_PATH | O_CLOEXEC));
      startup.launch.cgroup_fd = v2.get();
    }
  }
  auto running = start_bwrap(std::move(startup));
  if (!running) {
    return fail_as(running);
  }
  auto done = seal(running->gate, layout);
  if (done) {
    done = limit_process(running->gate, RLIMIT_DATA, limits.data_bytes, "RLIMIT_DATA");
  }
  if (done) {
    done = limit_process(running->gate, RLIMIT_NPROC, limits.processes, "RLIMIT_NPROC");
  }
  const auto gate = identify(running->gate);
  const auto monitor = identify(running->monitor().pid);
  if (!done || !gate || !monitor) {
    return done ? fail(ErrorCode::kBackendRefused, "the sandbox ended at once") : fail_as(done);
  }
  Sandbox sandbox{request.instance, running->gate, cgroup_map(limits), {}};
  if (limits.scope) {
    sandbox.cgroups[""] = scope_directory(read_hierarchies(), running->gate);
  }
  const std::string memory = limits.scope ? sandbox.cgroups[""] : limits.directory_of("memory");
  sandbox.record =
      to_json({*gate, *monitor, memory, limits.scope ? scope_name(request.instance) : "",
               limits.data_bytes, limits.processes});
  running->release();
  return sandbox;
}

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

// The exit code of a child of this process, once it has ended; 128+n for a signal.
std::optional<int> BubblewrapBackend::reap(const Identity& identity, int timeout_ms) {
  if (const auto known = ended_.find(identity.pid); known != ended_.end()) {
    return known->second;
  }
  const support::UniqueFd pidfd = open_process(identity);
  siginfo_t info{};
  if (pidfd && wait_ended(pidfd.get(), timeout_ms) &&
      ::waitid(P_PIDFD, static_cast<id_t>(pidfd.get()), &info, WEXITED | WNOHANG) == 0 &&
      info.si_pid == identity.pid) {
    const int code = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    ended_[identity.pid] = code;
    return code;
  }
  return std::nullopt;
}

Result<InspectReply> BubblewrapBackend::inspect(const InspectRequest& request) {
  const auto record = from_json(request.record);
  InspectReply reply;
  if (!record) {
    return reply;
  }
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
    if (!wait_ended(gate.get(), static_cast<int>(request.grace_ms))) {
      send(SIGKILL);
      if (!wait_ended(gate.get(), 10000)) {
        return fail(ErrorCode::kTimeout, "the sandbox does not end even when killed");
      }
    }
  }
  if (record->monitor.pid != 0) {
    (void)reap(record->monitor, 1000);
  }
  for (const Identity& identity : entered_[request.sandbox.instance]) {
    (void)reap(identity, 1000);  // they ended with the PID namespace
  }
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
    } else if (object.kind == "systemd-scope" && object.id == scope_name(request.instance)) {
      stop_scope(object.id);
    }
  }
  return {};
}

}  // namespace paddock::bubblewrap

PADDOCK_EXPORT_BACKEND(paddock::bubblewrap::BubblewrapBackend)
