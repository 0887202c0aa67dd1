#include "support/engine/backend.hpp"

#include <unistd.h>

#include <cstdlib>

#include "support/answers.hpp"
#include "support/engine/answers.hpp"
#include "support/engine/handover.hpp"
#include "support/engine/record.hpp"
#include "support/engine/request.hpp"
#include "support/engine/root_image.hpp"
#include "support/engine/seal.hpp"
#include "support/hierarchy.hpp"
#include "support/small_file.hpp"

namespace paddock::engine {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

namespace {

constexpr std::string_view kUnix = "unix://";
constexpr const char* kContainer = "container";

/// The cgroup directories of a process, by controller, or by "" where they are of version 2.
std::map<std::string, std::string> cgroups_of(pid_t pid) {
  support::Hierarchies there = support::own_hierarchies();
  there.members = support::read_small_file("/proc/" + std::to_string(pid) + "/cgroup").value_or("");
  std::map<std::string, std::string> directories;
  for (const char* controller : {"memory", "cpu", "pids"}) {
    if (const auto directory = support::own_v1(there, controller)) {
      directories[controller] = *directory;
    }
  }
  const auto unified = support::own_v2(there);
  if (directories.empty() && unified) {
    directories[""] = unified->directory;
  }
  return directories;
}

}  // namespace

Result<std::string> EngineBackend::socket() {
  const char* const named = std::getenv(place_.variable.c_str());
  if (named == nullptr || *named == '\0') {
    return place_.default_socket;
  }
  const std::string_view value = named;
  if (!value.starts_with(kUnix)) {
    return fail(ErrorCode::kBackendMissing,
                place_.variable + " is '" + std::string(value) +
                    "', which is no unix socket of this machine",
                "unset it, or set it to unix://" + place_.default_socket);
  }
  return std::string(value.substr(kUnix.size()));
}

Result<Engine*> EngineBackend::engine() {
  if (!engine_) {
    auto path = socket();
    if (!path) {
      return fail_as(path);
    }
    engine_.emplace(Address{std::move(*path), "start it, or name its socket in " + place_.variable,
                            [this] { return host().cancelled(); }});
  }
  return &*engine_;
}

Result<ProbeReply> EngineBackend::probe() {
  if (::geteuid() != 0) {
    return support::unavailable(
        "only root can look into a container of root's engine, and so prove it",
        "run paddock as root, or use the backend 'bubblewrap'");
  }
  const auto engine = this->engine();
  const auto version = engine ? (*engine)->version() : fail_as(engine);
  return version ? supported(*version) : support::unavailable(version.error());
}

Result<PrepareReply> EngineBackend::prepare(const PrepareRequest& request) {
  PrepareReply reply;
  reply.answers = answer(request.plan);
  reply.engine_mounts = engine_mounts(request.plan, support::survey_host_root(request.plan));
  reply.objects = {{kContainer, container_name(request.plan.name, request.instance)}};
  return reply;
}

Result<Sandbox> EngineBackend::create(const CreateRequest& request) {
  const auto engine = this->engine();
  auto handover = Handover::listen(request.runtime_dir);
  if (!engine || !handover) {
    return engine ? fail_as(handover) : fail_as(engine);
  }
  const support::HostRoot root = support::survey_host_root(request.plan);
  const auto image = root_image(**engine, request.plan, root);
  if (!image) {
    return fail_as(image);
  }
  const auto id =
      make(**engine, {request.plan, root, request.instance,
                      container_name(request.plan.name, request.instance), image->id,
                      request.gate.path, handover->path(), request.runtime_dir, image->volumes});
  if (!id) {
    return fail_as(id);
  }
  auto sandbox = start(request, *id, *image, *handover);
  if (!sandbox) {
    (void)(*engine)->remove(*id).has_value();
  }
  return sandbox;
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
  if (!same) {
    (void)engine.remove(*id).has_value();
    return fail_as(same);
  }
  return id;
}

Result<Sandbox> EngineBackend::start(const CreateRequest& request,
                                     const std::string& id,
                                     const RootImage& image,
                                     Handover& handover) {
  Engine& engine = *engine_;
  if (auto started = engine.start(id); !started) {
    return fail_as(started);
  }
  const auto running = engine.inspect(id);
  if (!running || !*running || !(*running)->running) {
    return running ? fail(ErrorCode::kBackendRefused, "the container ended at once")
                   : fail_as(running);
  }
  const auto pid = static_cast<pid_t>((*running)->pid);
  const auto alive = [&] {
    const auto now = engine.inspect(id);
    return now && *now && (*now)->running;
  };
  if (auto given = handover.give(pid, request.gate, alive); !given) {
    return fail_as(given);
  }
  if (auto sealed = seal(pid, request.plan, request.gate.stdin_fd, image.volumes); !sealed) {
    return fail_as(sealed);
  }
  Sandbox sandbox{request.instance, pid, cgroups_of(pid), to_json({id, request.runtime_dir})};
  if (request.plan.rootfs.type == RootfsType::kImage) {
    sandbox.image = (*running)->image;
  }
  return sandbox;
}

}  // namespace paddock::engine
