// Which mechanism keeps each limit: a cgroup of version 1 or 2 where one may be made, a systemd
// scope where there is a user manager, else an rlimit, else nothing.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "cgroup.hpp"
#include "scope.hpp"
#include "support/hierarchy.hpp"
#include "support/small_file.hpp"

namespace paddock::bubblewrap {
namespace {

struct Wanted {
  const char* limit;
  bool asked;
};

bool writable(const std::string& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

// The nearest cgroup of version 2, from this process's own upwards, whose children may have
// `limit` and in which this user may make one and move into it.
std::optional<std::string> parent_v2(const support::OwnV2& own, const std::string& limit) {
  std::string directory = own.directory;
  while (directory.size() >= own.mount_point.size()) {
    const auto given = support::read_small_file(directory + "/cgroup.subtree_control");
    if (given && support::lists_controller(*given, limit) && writable(directory) &&
        writable(directory + "/cgroup.procs")) {
      return directory;
    }
    directory = directory.substr(0, directory.rfind('/'));
  }
  return std::nullopt;
}

const char* mechanism(int version, const std::string& limit) {
  if (limit == "memory") {
    return version == 1 ? "cgroup v1 memory.limit_in_bytes" : "cgroup v2 memory.max";
  }
  if (limit == "cpu") {
    return version == 1 ? "cgroup v1 cpu.cfs_quota_us" : "cgroup v2 cpu.max";
  }
  return version == 1 ? "cgroup v1 pids.max" : "cgroup v2 pids.max";
}

void place(LimitPlan& plan,
           int version,
           const std::string& parent,
           const std::string& instance,
           const std::string& limit) {
  const std::string directory = parent + "/" + cgroup_name(instance);
  plan.mechanisms[limit] = mechanism(version, limit);
  for (CgroupPlace& known : plan.places) {
    if (known.directory == directory) {  // several controllers in one hierarchy
      known.limits.push_back(limit);
      return;
    }
  }
  plan.places.push_back({version, directory, {limit}});
}

bool place_in_cgroup(LimitPlan& plan, const std::string& instance, const std::string& limit) {
  if (const auto v1 = support::own_v1(support::own_hierarchies(), limit)) {
    if (writable(*v1)) {
      place(plan, 1, *v1, instance, limit);
      return true;
    }
    return false;
  }
  const auto v2 = support::own_v2(support::own_hierarchies());
  const auto parent = v2 ? parent_v2(*v2, limit) : std::nullopt;
  if (parent) {
    place(plan, 2, *parent, instance, limit);
  }
  return parent.has_value();
}

}  // namespace

std::string cgroup_name(const std::string& instance) {
  return "paddock-" + instance;
}

std::string LimitPlan::directory_of(const std::string& limit) const {
  for (const CgroupPlace& known : places) {
    if (std::find(known.limits.begin(), known.limits.end(), limit) != known.limits.end()) {
      return known.directory;
    }
  }
  return "";
}

LimitPlan plan_limits(const contract::Resources& resources, const std::string& instance) {
  const std::array<Wanted, 3> wanted = {{{"memory", resources.memory_bytes.has_value()},
                                         {"cpu", resources.cpus_milli.has_value()},
                                         {"pids", resources.pids.has_value()}}};
  LimitPlan plan;
  std::vector<std::string> left;
  for (const Wanted& want : wanted) {
    if (want.asked && !place_in_cgroup(plan, instance, want.limit)) {
      left.emplace_back(want.limit);
    }
  }
  if (!left.empty() && scope_available(support::own_hierarchies(), left)) {
    plan.places.clear();
    plan.scope = true;
    for (const Wanted& want : wanted) {
      if (want.asked) {
        plan.mechanisms[want.limit] = std::string("systemd scope ") + scope_property(want.limit);
      }
    }
    return plan;
  }
  for (const std::string& limit : left) {
    support::fall_back(plan, resources, limit, "no cgroup can be made by this user here");
  }
  return plan;
}

LimitPlan plan_all_limits() {
  return plan_limits(support::every_limit(), "probe");
}

}  // namespace paddock::bubblewrap
