#include "support/engine/request.hpp"

#include <unistd.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "support/engine/guest/guest.hpp"
#include "support/engine/network.hpp"
#include "support/engine/volume.hpp"

namespace paddock::engine {
namespace {

using Json = nlohmann::json;
using contract::Mount;
using contract::MountType;
using contract::Plan;

Json bind_mount(const std::string& source, const std::string& target, bool read_only) {
  return {{"Type", "bind"},
          {"Source", source},
          {"Target", target},
          {"ReadOnly", read_only},
          {"BindOptions", {{"Propagation", "rprivate"}}}};
}

/// By its name, so that the engine knows that it is in use.
Json volume_mount(const Mount& mount, const std::string& target) {
  return {{"Type", "volume"},
          {"Source", volume_at(mount.source)},
          {"Target", target},
          {"ReadOnly", mount.read_only},
          {"VolumeOptions", {{"NoCopy", true}}}};
}

Json binds(const ContainerRequest& request) {
  Json list = Json::array();
  for (const auto& [source, target] : request.root.binds) {
    list.push_back(bind_mount(source, target, true));
  }
  for (const auto& [target, mount] : request.plan.mounts) {
    if (const std::string* const place = request.stage.place_of(target)) {
      list.push_back(bind_mount(*place, target, mount.read_only));
    } else if (mount.type == MountType::kBind) {
      list.push_back(bind_mount(mount.source, target, mount.read_only));
    } else if (mount.type == MountType::kVolume) {
      list.push_back(volume_mount(mount, target));
    }
  }
  list.push_back(bind_mount(request.gate, kGateTarget, true));
  list.push_back(bind_mount(request.socket, kSocketTarget, true));
  for (const StagedFile& staged : request.stage.files) {
    list.push_back(bind_mount(staged.place, staged.file.target, true));
  }
  if (is_guest(request.runtime)) {
    list.push_back(bind_mount(way_folder(request.runtime_dir), kWayTarget, true));
  }
  for (const std::string& place : request.volumes) {
    list.push_back({{"Type", "tmpfs"}, {"Target", place}, {"ReadOnly", is_guest(request.runtime)}});
  }
  return list;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ",") + word;
  }
  return text;
}

Json tmpfs(const ContainerRequest& request) {
  const Plan& plan = request.plan;
  Json map = Json::object();
  for (const auto& [target, mount] : plan.mounts) {
    if (mount.type == MountType::kTmpfs) {
      map[target] = joined(tmpfs_options(mount)) +
                    (is_guest(request.runtime) ? guest_owner(plan.process.user, mount) : "");
    }
  }
  if (is_guest(request.runtime)) {
    map["/sys"] = "ro,size=4k";  // in the place of the engine's
  }
  return map;
}

Json port_bindings(const Plan& plan) {
  Json map = Json::object();
  for (const auto& [key, port] : plan.network.publish) {
    map[port_text(port)].push_back(
        {{"HostIp", port.address}, {"HostPort", std::to_string(port.host_port)}});
  }
  return map;
}

Json host_config(const ContainerRequest& request) {
  const Plan& plan = request.plan;
  Json json = {{"NetworkMode", has_network(plan) ? request.name : "none"},
               {"IpcMode", "none"},
               {"PidMode", ""},
               {"UTSMode", ""},
               {"CgroupnsMode", "private"},
               {"Privileged", false},
               {"ReadonlyRootfs", plan.rootfs.read_only},
               {"CapDrop", {"ALL"}},
               {"SecurityOpt", {"no-new-privileges:true"}},
               {"RestartPolicy", {{"Name", "no"}}},
               {"AutoRemove", false},
               {"LogConfig", {{"Type", "none"}}},
               {"MaskedPaths", covered_paths(request)},
               {"ReadonlyPaths", request.root.read_only},
               {"Mounts", binds(request)},
               {"Tmpfs", tmpfs(request)}};
  if (!request.runtime.name.empty()) {
    json["Runtime"] = request.runtime.name;
  }
  if (request.resources.memory_bytes) {
    json["Memory"] = *request.resources.memory_bytes;
    json["MemorySwap"] = *request.resources.memory_bytes;  // with swap included: none
  }
  if (request.resources.cpus_milli) {
    json["NanoCpus"] = std::uint64_t{*request.resources.cpus_milli} * 1'000'000;
  }
  if (request.resources.pids) {
    json["PidsLimit"] = *request.resources.pids;
  }
  if (!plan.network.publish.empty()) {
    json["PortBindings"] = port_bindings(plan);
  }
  return json;
}

/// What an engine leaves out of its answer.
bool is_zero(const Json& value) {
  return value.is_null() || value == false || value == 0 || value == "" ||
         (value.is_structured() && value.empty());
}

/// What differs, as "HostConfig.PidsLimit"; empty: nothing.
std::string first_difference(const Json& wanted, const Json& found, const std::string& place) {
  if (!wanted.is_structured() || wanted.type() != found.type() ||
      (wanted.is_array() && wanted.size() != found.size())) {
    return wanted == found || (is_zero(wanted) && is_zero(found)) ? "" : place;
  }
  for (const auto& [key, value] : wanted.items()) {
    const Json other = wanted.is_array() ? found[std::stoul(key)] : found.value(key, Json());
    if (auto difference = first_difference(value, other, place + "." + key); !difference.empty()) {
      return difference;
    }
  }
  return "";
}

/// A kernel of its own is told of a window's size by what the gate came by.
std::vector<std::string> gate_words(const ContainerRequest& request) {
  std::vector<std::string> words = {kGateTarget, "connect", kSocketTarget};
  if (is_guest(request.runtime) && request.plan.process.terminal) {
    words.emplace_back("leash");
  }
  return words;
}

}  // namespace

std::string ids(const contract::User& user) {
  return std::to_string(user.uid) + ":" + std::to_string(user.gid);
}

// Podman knows no option for the owner; seal() sets that.
std::vector<std::string> tmpfs_options(const Mount& mount) {
  std::vector<std::string> options = {mount.read_only ? "ro" : "rw",
                                      mount.executable ? "exec" : "noexec", "nosuid", "nodev"};
  if (mount.size_bytes != 0) {
    options.push_back("size=" + std::to_string(mount.size_bytes));
  }
  options.push_back(mount.purpose == "home" ? "mode=0700" : "mode=1777");
  return options;
}

std::vector<std::string> covered_paths(const ContainerRequest& request) {
  std::vector<std::string> list = request.plan.security.masked_paths;
  for (const auto* more : {&request.root.covered_files, &request.root.covered_directories}) {
    for (const std::string& path : *more) {
      if (std::find(list.begin(), list.end(), path) == list.end()) {
        list.push_back(path);
      }
    }
  }
  return list;
}

std::map<std::string, std::string> labels(const ContainerRequest& request) {
  return {{"io.paddock.sandbox", request.plan.name},
          {"io.paddock.instance", request.instance},
          {"io.paddock.owner", std::to_string(::geteuid())}};
}

std::string container_name(const std::string& sandbox, const std::string& instance) {
  return "paddock-" + sandbox + "-" + instance.substr(0, 8);
}

std::string container_config(const ContainerRequest& request) {
  const Plan& plan = request.plan;
  Json json = {{"Image", request.image},
               {"Entrypoint", gate_words(request)},
               {"Hostname", plan.process.hostname},
               {"User", ids(plan.process.user)},
               {"WorkingDir", "/"},
               {"Tty", false},
               {"OpenStdin", false},
               {"Healthcheck", {{"Test", {"NONE"}}}},
               {"Labels", labels(request)},
               {"HostConfig", host_config(request)}};
  if (!has_network(plan)) {
    // No network of the engine's management either: the runtime makes the namespace, without the
    // two runs of dockerd that are half of a start, and without the engine's own files of /etc.
    json["NetworkDisabled"] = true;
  }
  for (const auto& [key, port] : plan.network.publish) {
    json["ExposedPorts"][port_text(port)] = Json::object();
  }
  return json.dump();
}

Result<void> read_back(const std::string& config, const std::string& inspected) {
  Json wanted = Json::parse(config);
  const Json found = Json::parse(inspected, nullptr, false);
  const Json host = std::move(wanted["HostConfig"]);
  wanted.erase("HostConfig");
  std::string difference = first_difference(host, found.value("HostConfig", Json()), "HostConfig");
  if (difference.empty()) {
    difference = first_difference(wanted, found.value("Config", Json()), "Config");
  }
  return difference.empty()
             ? Result<void>{}
             : Result<void>(
                   fail(ErrorCode::kBackendRefused,
                        "the engine made the container otherwise than asked: " + difference,
                        "an engine too old for the field drops it; upgrade the engine"));
}

}  // namespace paddock::engine
