// Memory, CPU and process limits: the cgroup's files and its members, or the rlimit that the
// backend names. Files: kernel's Documentation/admin-guide/cgroup-v1 and cgroup-v2.
#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "base/text.hpp"
#include "os/file.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

/// One controller: its name in version 1, where each version keeps the limit, what it means.
struct Controller {
  const char* protection;
  const char* leaf;
  const char* name;
  const char* file_v1;
  const char* file_v2;
  std::vector<const char*> rlimits;  ///< any of these limits the same
};

const Controller kMemory = {"cgroup.memory", "/resources/memory_bytes",
                            "memory",        "memory.limit_in_bytes",
                            "memory.max",    {"as", "data"}};
const Controller kPids = {"cgroup.pids", "/resources/pids", "pids",
                          "pids.max",    "pids.max",        {"nproc"}};
const Controller kCpu = {
    "cgroup.cpu", "/resources/cpus_milli", "cpu", "cpu.cfs_quota_us", "cpu.max", {}};

struct Group {
  std::string directory;
  bool unified = false;
};

std::optional<Group> group_of(const contract::Sandbox& sandbox, const Controller& controller) {
  for (const char* name : {controller.name, ""}) {
    const std::string key = name;
    if (const auto found = sandbox.cgroups.find(key); found != sandbox.cgroups.end()) {
      return Group{found->second, key.empty()};
    }
  }
  return std::nullopt;
}

/// Numbers of a cgroup file; "max" and -1 are UINT64_MAX.
std::vector<std::uint64_t> numbers(const std::string& text) {
  std::vector<std::uint64_t> values;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool limited = !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
    values.push_back(limited && word.size() < 20 ? std::stoull(word) : UINT64_MAX);
  }
  return values;
}

/// The limit in the plan's unit, or an error.
Result<std::uint64_t> read_limit(const Group& group, const Controller& controller) {
  const auto text = os::read_kernel_file(group.directory + "/" +
                                         (group.unified ? controller.file_v2 : controller.file_v1));
  if (!text) {
    return fail_as(text);
  }
  std::vector<std::uint64_t> values = numbers(*text);
  if (&controller == &kCpu && !group.unified) {
    const auto period = os::read_kernel_file(group.directory + "/cpu.cfs_period_us");
    if (!period) {
      return fail_as(period);
    }
    values.resize(1, UINT64_MAX);
    values.push_back(numbers(*period).empty() ? 0 : numbers(*period).front());
  }
  if (values.empty() || (&controller == &kCpu && (values.size() != 2 || values[1] == 0))) {
    return fail(ErrorCode::kSystem, "'" + group.directory + "' does not say its limit");
  }
  if (&controller != &kCpu || values[0] == UINT64_MAX) {
    return values[0];
  }
  return values[0] * 1000 / values[1];
}

/// Whether the directory is a cgroup, and no look-alike that a backend made.
bool is_cgroup(const Group& group) {
  struct statfs found {};
  return ::statfs(group.directory.c_str(), &found) == 0 &&
         found.f_type == (group.unified ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC);
}

/// Path of the group in its hierarchy, as /proc/PID/cgroup writes it; empty: not known.
std::string path_in_hierarchy(const View& view, const Group& group) {
  std::string path;
  std::size_t longest = 0;
  for (const os::MountInfo& mount : *view.host_mounts) {
    if (mount.target.size() >= longest && is_below(group.directory, mount.target)) {
      longest = mount.target.size();
      const std::string rest = group.directory.substr(mount.target == "/" ? 0 : longest);
      path = (mount.root == "/" ? "" : mount.root) + rest;
    }
  }
  return path;
}

/// Whether the kernel names that group for the process: "4:cpu,cpuacct:/path", "0::/path".
bool is_member(const View& view, const Controller& controller, const Group& group) {
  const auto text = os::read_kernel_file("/proc/" + std::to_string(view.subject.pid) + "/cgroup");
  if (!text || !view.host_mounts) {
    return false;
  }
  const std::string path = path_in_hierarchy(view, group);
  const std::string name = group.unified ? "" : controller.name;
  std::istringstream lines(*text);
  for (std::string number, controllers, rest; std::getline(lines, number, ':') &&
                                              std::getline(lines, controllers, ':') &&
                                              std::getline(lines, rest);) {
    const bool same =
        controllers == name ||
        (!name.empty() && ("," + controllers + ",").find("," + name + ",") != std::string::npos);
    if (same && rest == path) {
      return true;
    }
  }
  return false;
}

void check_group(const View& view,
                 Checks& checks,
                 const Controller& controller,
                 const Group& group,
                 std::uint64_t wanted) {
  if (!is_cgroup(group)) {
    return checks.add(controller.leaf, "'" + group.directory + "'", "a cgroup", "none", false);
  }
  const auto limit = read_limit(group, controller);
  if (!limit) {
    return checks.unread("cgroup limit", limit.error());
  }
  checks.add(controller.leaf, "limit of cgroup '" + group.directory + "'",
             "at most " + std::to_string(wanted), limit_text(*limit), *limit <= wanted);
  const bool member = is_member(view, controller, group);
  checks.add(controller.leaf, "membership in that cgroup", "a member",
             member ? "a member" : "not a member", member);
}

/// Root's processes are not counted against RLIMIT_NPROC (getrlimit(2)).
bool rlimit_is_void(const View& view, const Controller& controller) {
  return &controller == &kPids && (!view.status || view.status->uids.front() == 0);
}

void check_rlimit(const View& view,
                  Checks& checks,
                  const Controller& controller,
                  std::uint64_t wanted) {
  if (!view.limits) {
    return checks.unread("resource limits", view.limits.error());
  }
  std::uint64_t lowest = UINT64_MAX;
  for (const char* name : controller.rlimits) {
    const auto found = view.limits->find(name);
    lowest = found == view.limits->end() ? lowest : std::min(lowest, found->second.hard);
  }
  checks.add(controller.leaf, "rlimit", "at most " + std::to_string(wanted), limit_text(lowest),
             lowest <= wanted);
  if (rlimit_is_void(view, controller)) {
    checks.add(controller.leaf, "user that the rlimit counts", "not root",
               "root, whose processes are not counted", false);
  }
}

/// The backend's word on the leaf.
std::string mechanism(const View& view, const Controller& controller) {
  for (const contract::Answer& answer : view.subject.prepared.answers) {
    if (answer.path == controller.leaf) {
      return answer.mechanism;
    }
  }
  return {};
}

void check_controller(const View& view,
                      std::vector<Check>& list,
                      const Controller& controller,
                      std::optional<std::uint64_t> wanted) {
  if (!view.requires_(controller.protection)) {
    return;
  }
  Checks checks(list, controller.protection);
  const auto group = group_of(view.subject.sandbox, controller);
  if (!wanted) {
    checks.add(controller.leaf, "limit in the plan", "one", "none", false);
  } else if (group) {
    check_group(view, checks, controller, *group, *wanted);
  } else if (mechanism(view, controller).starts_with("rlimit") && !controller.rlimits.empty()) {
    check_rlimit(view, checks, controller, *wanted);
  } else {
    checks.add(controller.leaf, "cgroup of the sandbox", "one", "none", false);
  }
}

}  // namespace

void check_resources(const View& view, std::vector<Check>& list) {
  const contract::Resources& resources = view.plan().resources;
  check_controller(view, list, kMemory, resources.memory_bytes);
  check_controller(view, list, kCpu, resources.cpus_milli);
  check_controller(view, list, kPids, resources.pids);
}

}  // namespace paddock::proof
