// The container that a plan asks for, and whether the engine made it so. The table of README.md
// names every field; a test compares the two.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "support/engine/guest/stage.hpp"
#include "support/engine/runtimes.hpp"
#include "support/host_root.hpp"

namespace paddock::engine {

inline constexpr const char* kGateTarget = "/.paddock/gate";
inline constexpr const char* kSocketTarget = "/.paddock/socket";
inline constexpr const char* kWayTarget = "/.paddock/way";

struct ContainerRequest {
  const contract::Plan& plan;
  contract::Resources resources;  ///< of the plan: what the engine itself is to limit
  const support::HostRoot& root;
  std::string instance;
  std::string name;
  std::string image;
  std::string gate;         ///< path on the host
  std::string socket;       ///< path on the host
  std::string runtime_dir;  ///< private to the sandbox, on the host
  /// Places where the image wants a volume: each is covered until the container is sealed.
  std::vector<std::string> volumes = {};
  Runtime runtime = {};  ///< without a name: the engine's own choice
  Stage stage = {};      ///< of a kernel in user space
};

/// The body of POST /containers/create.
std::string container_config(const ContainerRequest& request);

/// Whether `inspected` (GET /containers/ID/json) has every field of `config` as it was asked for:
/// servers drop what they do not know. Errors: kBackendRefused, naming the first that differs.
Result<void> read_back(const std::string& config, const std::string& inspected);

/// User and group as engines write them, "1000:1000".
std::string ids(const contract::User& user);

/// Options of a tmpfs as mount(8) has them.
std::vector<std::string> tmpfs_options(const contract::Mount& mount);

/// Every path that is to be covered: the plan's masked ones, and those of the host's root.
std::vector<std::string> covered_paths(const ContainerRequest& request);

/// Labels of a container of ours.
std::map<std::string, std::string> labels(const ContainerRequest& request);

/// Of a sandbox; unique to the launch.
std::string container_name(const std::string& sandbox, const std::string& instance);

}  // namespace paddock::engine
