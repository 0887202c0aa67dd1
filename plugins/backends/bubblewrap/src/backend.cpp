#include "backend.hpp"

#include "answers.hpp"
#include "program.hpp"
#include "scope.hpp"
#include "seal.hpp"
#include "startup.hpp"
#include "support/hierarchy.hpp"

namespace paddock::bubblewrap {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

namespace {

std::map<std::string, std::string> cgroup_map(const LimitPlan& limits) {
  std::map<std::string, std::string> directories;
  for (const CgroupPlace& place : limits.places) {
    for (const std::string& limit : place.limits) {
      directories[place.version == 2 ? "" : limit] = place.directory;
    }
  }
  return directories;
}

bool same_limits(const Resources& a, const Resources& b) {
  return a.memory_bytes == b.memory_bytes && a.cpus_milli == b.cpus_milli && a.pids == b.pids;
}

}  // namespace

BubblewrapBackend::Survey BubblewrapBackend::look(const Plan& plan, const std::string& instance) {
  return {instance, plan.resources, survey(plan), plan_limits(plan.resources, instance)};
}

Result<ProbeReply> BubblewrapBackend::probe(const ProbeRequest&) {
  return probe_machine();
}

Result<PrepareReply> BubblewrapBackend::prepare(const PrepareRequest& request) {
  prepared_ = look(request.plan, request.instance);
  const auto& [instance, resources, layout, limits] = *prepared_;
  PrepareReply reply;
  reply.answers = answer(request.plan, limits);
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
  if (!prepared_ || prepared_->instance != request.instance ||
      !same_limits(prepared_->resources, request.plan.resources)) {
    prepared_ = look(request.plan, request.instance);
  }
  const Survey known = std::move(*std::exchange(prepared_, std::nullopt));
  const LimitPlan& limits = known.limits;
  if (auto made = make_cgroups(limits, known.resources); !made) {
    return fail_as(made);
  }
  auto sandbox = start(request, known);
  if (!sandbox) {
    for (const CgroupPlace& place : limits.places) {
      (void)remove_cgroup(place.directory, request.instance).has_value();
    }
  }
  return sandbox;
}

Result<Sandbox> BubblewrapBackend::start(const CreateRequest& request, const Survey& known) {
  const auto& [instance, resources, layout, limits] = known;
  auto bwrap = find_bwrap();
  if (!bwrap) {
    return fail_as(bwrap);
  }
  Startup startup{*bwrap, {}, request, layout, limits.scope ? instance : ""};
  for (const CgroupPlace& place : limits.places) {
    if (auto joined = startup.launch.join_cgroup(place.version, place.directory); !joined) {
      return fail_as(joined);
    }
  }
  auto running = start_bwrap(std::move(startup));
  if (!running) {
    return fail_as(running);
  }
  auto done = seal(running->gate, layout);
  if (done) {
    done = support::limit_process(running->gate, limits);
  }
  const auto gate = support::identify(running->gate);
  const auto monitor = support::identify(running->monitor().pid);
  if (!done || !gate || !monitor) {
    return done ? fail(ErrorCode::kBackendRefused, "the sandbox ended at once") : fail_as(done);
  }
  Sandbox sandbox{request.instance, running->gate, cgroup_map(limits), {}};
  if (limits.scope) {
    sandbox.cgroups[""] = scope_directory(support::own_hierarchies(), running->gate);
  }
  const std::string memory = limits.scope ? sandbox.cgroups[""] : limits.directory_of("memory");
  sandbox.record =
      to_json({*gate, *monitor, memory, limits.scope ? scope_name(request.instance) : "",
               limits.data_bytes, limits.processes});
  running->release();
  return sandbox;
}

}  // namespace paddock::bubblewrap

PADDOCK_EXPORT_BACKEND(paddock::bubblewrap::BubblewrapBackend)
