#include "cgroup.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "support/small_file.hpp"

namespace paddock::bubblewrap {
namespace {

using Setting = std::pair<std::string, std::string>;  // file and value

constexpr std::uint64_t kPeriodUs = 100000;
constexpr int kAttempts = 60;  // with the growing pauses below: about two seconds

// The swap files may be absent (no swap controller); then there is no swap to limit.
std::vector<Setting> settings(int version,
                              const std::string& limit,
                              const contract::Resources& resources) {
  if (limit == "memory") {
    const std::string bytes = std::to_string(resources.memory_bytes.value_or(0));
    return version == 1 ? std::vector<Setting>{{"memory.limit_in_bytes", bytes},
                                               {"?memory.memsw.limit_in_bytes", bytes}}
                        : std::vector<Setting>{{"memory.max", bytes}, {"?memory.swap.max", "0"}};
  }
  if (limit == "cpu") {
    // A quota below one millisecond is refused by the kernel.
    const std::uint64_t quota = std::max<std::uint64_t>(
        1000, std::uint64_t{resources.cpus_milli.value_or(0)} * kPeriodUs / 1000);
    const std::string period = std::to_string(kPeriodUs);
    return version == 1 ? std::vector<Setting>{{"cpu.cfs_period_us", period},
                                               {"cpu.cfs_quota_us", std::to_string(quota)}}
                        : std::vector<Setting>{{"cpu.max", std::to_string(quota) + " " + period}};
  }
  return {{"pids.max", std::to_string(resources.pids.value_or(0))}};
}

Result<void> write_limits(const CgroupPlace& place, const contract::Resources& resources) {
  for (const std::string& limit : place.limits) {
    for (const auto& [name, value] : settings(place.version, limit, resources)) {
      const bool may_be_absent = name.front() == '?';
      const std::string path = place.directory + "/" + (may_be_absent ? name.substr(1) : name);
      const int error = support::write_small_file(path, value);
      if (error != 0 && !(may_be_absent && error == ENOENT)) {
        return fail_errno(error, "cannot write '" + value + "' to '" + path + "'");
      }
    }
  }
  return {};
}

void pause_ms(long ms) {
  const timespec time{ms / 1000, (ms % 1000) * 1000000};
  ::nanosleep(&time, nullptr);
}

void kill_members(const std::string& directory) {
  if (support::write_small_file(directory + "/cgroup.kill", "1") == 0) {  // version 2, Linux 5.14
    return;
  }
  const auto members = support::read_small_file(directory + "/cgroup.procs").value_or("");
  for (const std::string& member : support::words_of(members)) {
    const pid_t pid = std::atoi(member.c_str());
    if (pid > 0 && pid != ::getpid()) {
      ::kill(pid, SIGKILL);
    }
  }
}

}  // namespace

Result<void> make_cgroups(const LimitPlan& limits, const contract::Resources& resources) {
  for (const CgroupPlace& place : limits.places) {
    Result<void> made;
    if (::mkdir(place.directory.c_str(), 0755) != 0) {
      made = fail_errno(errno, "cannot make the cgroup '" + place.directory + "'");
    } else {
      made = write_limits(place, resources);
    }
    if (!made) {
      for (const CgroupPlace& other : limits.places) {
        ::rmdir(other.directory.c_str());
      }
      return made;
    }
  }
  return {};
}

Result<void> remove_cgroup(const std::string& directory, const std::string& instance) {
  const std::string name = "/" + cgroup_name(instance);
  if (instance.empty() || !directory.ends_with(name) ||
      directory.find("/../") != std::string::npos) {
    return fail(ErrorCode::kInternal, "'" + directory + "' is not a cgroup of '" + instance + "'");
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (::rmdir(directory.c_str()) == 0 || errno == ENOENT) {
      return {};
    }
    if (errno != EBUSY) {
      return fail_errno(errno, "cannot remove the cgroup '" + directory + "'");
    }
    kill_members(directory);
    pause_ms(1 + attempt);
  }
  return fail_errno(EBUSY, "cannot remove the cgroup '" + directory + "'");
}

bool memory_ran_out(const std::string& directory) {
  for (const char* name : {"/memory.oom_control", "/memory.events"}) {
    const auto pairs = support::words_of(support::read_small_file(directory + name).value_or(""));
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      if (pairs[i] == "oom_kill" && std::atoll(pairs[i + 1].c_str()) > 0) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace paddock::bubblewrap
