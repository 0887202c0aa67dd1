#include "support/engine/limits.hpp"

#include <unistd.h>

#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

constexpr const char* kNoCgroup = "an ordinary user's engine has no control group for it here";

struct Wanted {
  const char* limit;
  bool asked;
  const char* mechanism;  ///< field of a container's HostConfig
};

/// "cpu memory pids"; none in version 1.
std::string given_controllers(uid_t user, const support::Hierarchies& here) {
  const std::string number = std::to_string(user);
  const std::string manager =
      "/user.slice/user-" + number + ".slice/user@" + number + ".service/cgroup.controllers";
  const auto v2 = support::own_v2(here);
  return v2 ? support::read_small_file(v2->mount_point + manager).value_or("") : "";
}

}  // namespace

support::Limits plan_limits(const contract::Resources& resources,
                            uid_t user,
                            const support::Hierarchies& here) {
  const Wanted all[] = {{"memory", resources.memory_bytes.has_value(), "Memory, MemorySwap"},
                        {"cpu", resources.cpus_milli.has_value(), "NanoCpus"},
                        {"pids", resources.pids.has_value(), "PidsLimit"}};
  const bool is_root = user == 0;
  const std::string given = is_root ? "" : given_controllers(user, here);
  support::Limits limits;
  for (const auto& [limit, asked, mechanism] : all) {
    if (asked && (is_root || support::lists_controller(given, limit))) {
      limits.mechanisms[limit] = mechanism;
    } else if (asked) {
      support::fall_back(limits, resources, limit, kNoCgroup);
    }
  }
  return limits;
}

support::Limits plan_limits(const contract::Resources& resources) {
  return plan_limits(resources, ::geteuid(), support::own_hierarchies());
}

bool is_in_cgroup(const support::Limits& limits, const std::string& limit) {
  const auto found = limits.mechanisms.find(limit);
  return found != limits.mechanisms.end() && !found->second.starts_with("rlimit");
}

contract::Resources of_engine(contract::Resources resources, const support::Limits& limits) {
  if (!is_in_cgroup(limits, "memory")) {
    resources.memory_bytes.reset();
  }
  if (!is_in_cgroup(limits, "cpu")) {
    resources.cpus_milli.reset();
  }
  if (!is_in_cgroup(limits, "pids")) {
    resources.pids.reset();
  }
  return resources;
}

}  // namespace paddock::engine
