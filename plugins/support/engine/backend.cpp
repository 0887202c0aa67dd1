#include "support/engine/backend.hpp"

#include <unistd.h>

#include "support/answers.hpp"
#include "support/engine/answers.hpp"
#include "support/engine/filters.hpp"
#include "support/engine/guest/guest.hpp"
#include "support/engine/handover.hpp"
#include "support/engine/image/root_image.hpp"
#include "support/engine/limits.hpp"
#include "support/engine/locality.hpp"
#include "support/engine/network.hpp"
#include "support/engine/record.hpp"
#include "support/engine/request.hpp"
#include "support/engine/seal.hpp"
#include "support/engine/way_in.hpp"
#include "support/hierarchy.hpp"

namespace paddock::engine {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

namespace {

constexpr const char* kContainer = "container";
constexpr const char* kNetwork = "network";
constexpr const char* kStage = "stage";

/// The cgroup directories of a process that hold its limits, by controller, or by "" where they are
/// of version 2.
std::map<std::string, std::string> limiting_cgroups(pid_t pid) {
  const support::Hierarchies there = support::hierarchies_of("/proc/" + std::to_string(pid));
  const support::Limits limits = plan_limits(support::every_limit());
  const auto unified = support::own_v2(there);
  std::map<std::string, std::string> directories;
  for (const char* controller : {"memory", "cpu", "pids"}) {
    if (!is_in_cgroup(limits, controller)) {
      continue;
    }
    if (const auto directory = support::own_v1(there, controller)) {
      directories[controller] = *directory;
    } else if (unified) {
      directories[""] = unified->directory;
    }
  }
  return directories;
}

}  // namespace

Result<Engine*> EngineBackend::engine() {
  if (engine_) {
    return &*engine_;
  }
  auto named = named_address();
  if (!named) {
    return fail_as(named);
  }
  Address address;
  if (*named) {
    address = std::move(**named);
  } else if (auto path = socket()) {
    address.socket = std::move(*path);
  } else {
    return fail_as(path);
  }
  address.remedy = "start it, or name its socket in " + place_.variable;
  address.cancelled = [this] { return host().cancelled(); };
  engine_.emplace(std::move(address));
  return &*engine_;
}

std::optional<Obstacle> EngineBackend::rootless_obstacle() const {
  return Obstacle{"a rootless engine of this kind cannot show your files as the workload's own",
                  "use rootless Podman or the backend 'bubblewrap'"};
}

Result<ProbeReply> EngineBackend::probe(const ProbeRequest& request) {
  const auto engine = this->engine();
  const auto version = engine ? (*engine)->version() : fail_as(engine);
  if (!version) {
    return support::unavailable(version.error());
  }
  if ((*engine)->address().is_tcp()) {
    if (auto local = expect_local(**engine); !local) {
      return support::unavailable(local.error());
    }
  } else if (const auto obstacle = this->obstacle()) {
    return support::unavailable(obstacle->reason, obstacle->remedy);
  }
  if (request.isolation == Isolation::kSharedKernel) {
    return supported(*version, {});  // every engine has that; its list takes it 8 ms
  }
  auto known = runtimes(**engine);
  if (!known) {
    return support::unavailable(known.error());
  }
  runtimes_ = std::move(*known);
  return supported(*version, *runtimes_);
}

std::optional<Obstacle> EngineBackend::obstacle() const {
  auto obstacle = owner_obstacle(::geteuid(), engine_->owner(), engine_->address().socket);
  return obstacle || ::geteuid() == 0 ? obstacle : rootless_obstacle();
}

Result<Runtimes> EngineBackend::runtimes(Engine& engine) {
  const auto info = engine.info();
  return info ? Result<Runtimes>(read_runtimes(info->json)) : fail_as(info);
}

Result<Runtime> EngineBackend::runtime_for(const Plan& plan) {
  if (!runtimes_ && plan.isolation == Isolation::kSharedKernel) {
    return Runtime{};
  }
  if (!runtimes_) {
    const auto engine = this->engine();
    auto known = engine ? runtimes(**engine) : fail_as(engine);
    if (!known) {
      return fail_as(known);
    }
    runtimes_ = std::move(*known);
  }
  return choose_runtime(*runtimes_, plan.isolation);
}

Result<PrepareReply> EngineBackend::prepare(const PrepareRequest& request) {
  PrepareReply reply;
  const auto runtime = runtime_for(request.plan);
  reply.answers =
      answer(request.plan, ::geteuid() == 0 ? std::nullopt : rootless_obstacle(), runtime);
  reply.engine_mounts = engine_mounts(request.plan, support::survey_host_root(request.plan),
                                      runtime.value_or(Runtime{}));
  const std::string name = container_name(request.plan.name, request.instance);
  reply.objects = {{kContainer, name}};
  if (has_network(request.plan)) {
    reply.objects.push_back({kNetwork, name});  // removed behind what is on it
  }
  if (is_guest(runtime.value_or(Runtime{}))) {
    reply.objects.push_back({kStage, name});
    const auto covers = covers_in_guest(request.plan);
    if (!covers) {
      return fail_as(covers);
    }
    for (const std::string& place : *covers) {
      reply.engine_mounts.push_back({place, "", "tmpfs", true});
    }
  }
  return reply;
}

Result<Sandbox> EngineBackend::create(const CreateRequest& request) {
  const auto engine = this->engine();
  auto handover = Handover::listen(request.runtime_dir);
  if (!engine || !handover) {
    return engine ? fail_as(handover) : fail_as(engine);
  }
  const auto runtime = runtime_for(request.plan);
  if (!runtime) {
    return fail_as(runtime);
  }
  const support::HostRoot root = support::survey_host_root(request.plan);
  const support::Limits limits = plan_limits(request.plan.resources);
  const auto image = root_image(**engine, request.plan, root);
  if (!image) {
    return fail_as(image);
  }
  const ContainerRequest wanted{
      request.plan,
      of_engine(request.plan.resources, limits),
      root,
      request.instance,
      container_name(request.plan.name, request.instance),
      image->id,
      request.gate.path,
      handover->path(),
      request.runtime_dir,
      image->volumes,
      *runtime,
      is_guest(*runtime) ? plan_stage(request.plan, request.runtime_dir) : Stage{}};
  const auto id = build(wanted);
  if (!id) {
    undo(wanted, "");
    return fail_as(id);
  }
  auto sandbox = start(request, wanted, *id, *handover);
  if (sandbox && has_network(request.plan)) {
    if (auto alone = check_network(**engine, wanted, *id); !alone) {
      sandbox = fail_as(alone);
    } else {
      sandbox->findings = network_findings(wanted);
    }
  }
  if (!sandbox) {
    undo(wanted, *id);
  }
  return sandbox;
}

Result<std::string> EngineBackend::build(const ContainerRequest& request) {
  if (has_network(request.plan)) {
    auto made = make_network(*engine_, request);
    if (made) {
      made = check_network(*engine_, request, "");
    }
    if (!made) {
      return fail_as(made);
    }
  }
  if (is_guest(request.runtime)) {
    auto ready = make_way(request.runtime_dir);
    ready = ready ? put_up_stage(request) : ready;
    if (!ready) {
      return fail_as(ready);
    }
  }
  auto id = make(*engine_, request);
  if (!id && id.error().what.find(request.stage.directory) != std::string::npos &&
      !request.stage.is_empty()) {
    id.error().hints.push_back(
        "its mounts are other ones than those of who answers for it: name the engine's own socket");
  }
  return id;
}

void EngineBackend::undo(const ContainerRequest& request, const std::string& id) {
  firsts_.erase(request.instance);
  if (!id.empty()) {
    (void)engine_->remove(id).has_value();
  }
  if (has_network(request.plan)) {
    (void)remove_network(request.name, request.instance).has_value();
  }
  if (is_guest(request.runtime)) {
    remove_way(request.runtime_dir);
    (void)take_down_stage(request.runtime_dir).has_value();
  }
}

Result<void> EngineBackend::make_network(Engine& engine, const ContainerRequest& request) {
  return engine.create_network("/networks/create", network_config(request));
}

Result<std::string> EngineBackend::make(Engine& engine, const ContainerRequest& request) {
  const std::string config = container_config(request);
  auto id = engine.create("/containers/create?name=" + url_escape(request.name), config);
  if (!id) {
    return id;
  }
  const auto made = engine.inspect(*id);
  Result<void> same = !made    ? Result<void>(fail_as(made))
                      : !*made ? fail(ErrorCode::kBackendRefused, "the container is gone at once")
                               : read_back(config, (*made)->json);
  if (same && request.runtime.name.empty()) {
    same = expect_shared_kernel((*made)->json);
  }
  if (!same) {
    (void)engine.remove(*id).has_value();
    return fail_as(same);
  }
  return id;
}

Result<pid_t> EngineBackend::admit(const CreateRequest& request,
                                   const ContainerRequest& wanted,
                                   const std::string& id,
                                   pid_t pid,
                                   Handover& handover) {
  const bool guest = is_guest(wanted.runtime);
  const bool terminal = guest && request.plan.process.terminal;
  if (auto ready = guest ? prepare_streams(request.gate, terminal) : Result<void>{}; !ready) {
    return fail_as(ready);
  }
  const auto alive = [&] {
    const auto now = engine_->inspect(id);
    return now && *now && (*now)->running;
  };
  const auto is_meant = [&](pid_t who) { return guest ? is_process_of(id, who) : who == pid; };
  auto peer = terminal ? give_terminal(handover, is_meant, request.gate, alive)
                       : handover.give(is_meant, request.gate, alive);
  if (!peer) {
    return guest ? explain_guest(peer.error()) : fail_as(peer);
  }
  if (*peer == pid) {
    // Where a runtime is not what its name says, the gate itself has come: the proof tells.
    auto sealed = seal(pid, request.plan, request.gate.stdin_fd, wanted.volumes, guest);
    return sealed ? std::move(peer) : fail_as(sealed);
  }
  auto sealed = request.plan.rootfs.type == RootfsType::kImage
                    ? bring_accounts_to(*peer, wanted.stage)
                    : Result<void>{};
  sealed = sealed ? seal_guest(*peer, request.plan) : sealed;
  return sealed ? std::move(peer) : fail_as(sealed);
}

Result<Sandbox> EngineBackend::start(const CreateRequest& request,
                                     const ContainerRequest& wanted,
                                     const std::string& id,
                                     Handover& handover) {
  Engine& engine = *engine_;
  if (auto started = engine.start(id); !started) {
    return explain_start(request.plan, started.error());
  }
  const auto running = engine.inspect(id);
  if (!running || !*running || !(*running)->running) {
    return running ? fail(ErrorCode::kBackendRefused, "the container ended at once")
                   : fail_as(running);
  }
  if (auto published = check_published(request.plan, (*running)->json); !published) {
    return fail_as(published);
  }
  const auto pid = static_cast<pid_t>((*running)->pid);
  if (engine.address().is_tcp()) {
    if (auto local = expect_local_process(engine.address(), id, pid); !local) {
      return fail_as(local);
    }
  }
  const auto peer = admit(request, wanted, id, pid, handover);
  if (!peer) {
    return fail_as(peer);
  }
  if (!wanted.stage.is_empty()) {
    if (auto gone = take_down_stage(request.runtime_dir); !gone) {
      return fail_as(gone);
    }
  }
  const bool guest = *peer != pid;
  if (!guest) {  // a kernel in user space ends in its own way
    firsts_[request.instance] = support::open_pidfd(pid);
  }
  if (::geteuid() == 0 && !guest) {  // else the engine enters, or nobody
    (void)keep_filters(pid, filters_file(request.runtime_dir)).has_value();
  }
  const support::Limits limits = plan_limits(request.plan.resources);
  if (auto limited = support::limit_process(pid, limits); !limited) {
    return fail_as(limited);
  }
  Sandbox sandbox{request.instance, pid, limiting_cgroups(pid),
                  to_json({id, request.runtime_dir, "", {}, guest})};
  if (request.plan.rootfs.type == RootfsType::kImage) {
    sandbox.image = (*running)->image;
  }
  return sandbox;
}

}  // namespace paddock::engine
