#include "spec.hpp"

#include <nlohmann/json.hpp>

namespace paddock::podman {
namespace {

using Json = nlohmann::json;
using contract::MountType;
using contract::Plan;

constexpr std::uint64_t kCpuPeriodUs = 100000;

Json mount(const std::string& target,
           const std::string& source,
           const char* type,
           std::vector<std::string> options) {
  return {{"destination", target}, {"source", source}, {"type", type}, {"options", options}};
}

Json bind_mount(const std::string& target, const std::string& source, bool read_only) {
  return mount(target, source, "bind", {"rbind", read_only ? "ro" : "rw", "rprivate"});
}

Json mounts(const engine::ContainerRequest& request) {
  Json list = Json::array();
  for (const auto& [source, target] : request.root.binds) {
    list.push_back(bind_mount(target, source, true));
  }
  for (const auto& [target, wanted] : request.plan.mounts) {
    list.push_back(wanted.type == MountType::kBind
                       ? bind_mount(target, wanted.source, wanted.read_only)
                       : mount(target, "tmpfs", "tmpfs", engine::tmpfs_options(wanted)));
  }
  list.push_back(bind_mount(engine::kGateTarget, request.gate, true));
  list.push_back(bind_mount(engine::kSocketTarget, request.socket, true));
  return list;
}

Json resources(const contract::Resources& wanted) {
  Json json = Json::object();
  if (wanted.memory_bytes) {
    json["memory"] = {{"limit", *wanted.memory_bytes}, {"swap", *wanted.memory_bytes}};
  }
  if (wanted.cpus_milli) {
    json["cpu"] = {{"quota", std::uint64_t{*wanted.cpus_milli} * kCpuPeriodUs / 1000},
                   {"period", kCpuPeriodUs}};
  }
  if (wanted.pids) {
    json["pids"] = {{"limit", *wanted.pids}};
  }
  return json;
}

}  // namespace

std::string container_spec(const engine::ContainerRequest& request, const std::string& seccomp) {
  const Plan& plan = request.plan;
  const Json own = {{"nsmode", "private"}};
  const Json none = {{"nsmode", "none"}};
  const Json json = {{"name", request.name},
                     {"image", request.image},
                     {"entrypoint", {engine::kGateTarget, "connect", engine::kSocketTarget}},
                     {"hostname", plan.process.hostname},
                     {"user", engine::ids(plan.process.user)},
                     {"work_dir", "/"},
                     {"terminal", false},
                     {"labels", engine::labels(request)},
                     {"netns", none},
                     {"ipcns", own},
                     {"pidns", own},
                     {"utsns", own},
                     {"cgroupns", own},
                     {"privileged", false},
                     {"no_new_privileges", plan.security.no_new_privs},
                     {"cap_drop", {"ALL"}},
                     {"cap_add", plan.security.capabilities},
                     {"read_only_filesystem", plan.rootfs.read_only},
                     {"mask", engine::covered_paths(request)},
                     {"mounts", mounts(request)},
                     {"resource_limits", resources(plan.resources)},
                     {"seccomp_profile_path", seccomp},
                     {"log_configuration", {{"driver", "none"}}},
                     {"restart_policy", "no"},
                     {"stop_timeout", 0},  // what a removal by force waits; a stop brings its own
                     {"systemd", "false"},
                     {"image_volume_mode", "ignore"},
                     {"healthconfig", {{"Test", {"NONE"}}}},
                     {"use_image_hosts", true},
                     {"use_image_resolve_conf", true},
                     {"httpproxy", false}};
  return json.dump();
}

}  // namespace paddock::podman
