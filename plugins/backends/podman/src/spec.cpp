#include "spec.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "paddock/contract/enum_names.hpp"
#include "support/engine/network.hpp"

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
    list.push_back(wanted.type != MountType::kTmpfs
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

/// Root's workload is in root's user namespace, and its mounts show its files as its own. An
/// ordinary user can map no mount; there the workload's user is the caller, by another number.
Json users(const contract::User& user) {
  if (::geteuid() == 0) {
    return {{"nsmode", "host"}};
  }
  return {{"nsmode", "keep-id"},
          {"value", "uid=" + std::to_string(user.uid) + ",gid=" + std::to_string(user.gid)}};
}

}  // namespace

std::string network_spec(const engine::ContainerRequest& request) {
  return Json{{"name", request.name}, {"driver", "bridge"},    {"internal", false},
              {"dns_enabled", false}, {"ipv6_enabled", false}, {"labels", engine::labels(request)}}
      .dump();
}

std::string container_spec(const engine::ContainerRequest& request, const std::string& seccomp) {
  const Plan& plan = request.plan;
  const Json own = {{"nsmode", "private"}};
  const Json none = {{"nsmode", "none"}};
  Json json = {{"name", request.name},
               {"image", request.image},
               {"entrypoint", {engine::kGateTarget, "connect", engine::kSocketTarget}},
               {"hostname", plan.process.hostname},
               {"user", engine::ids(plan.process.user)},
               {"userns", users(plan.process.user)},
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
               {"read_only_filesystem", plan.rootfs.read_only},
               {"mask", engine::covered_paths(request)},
               {"mounts", mounts(request)},
               {"resource_limits", resources(request.resources)},
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
  if (engine::has_network(plan)) {
    json["netns"] = {{"nsmode", "bridge"}};
    json["Networks"] = {{request.name, Json::object()}};
    json["sysctl"] = {{"net.ipv4.ip_unprivileged_port_start", "0"}};  // as in Docker's
  }
  for (const auto& [key, port] : plan.network.publish) {
    json["portmappings"].push_back({{"host_ip", port.address},
                                    {"host_port", port.host_port},
                                    {"container_port", port.port},
                                    {"protocol", contract::enum_name(port.protocol)}});
  }
  return json.dump();
}

}  // namespace paddock::podman
