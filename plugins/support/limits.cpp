#include "support/limits.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace paddock::support {
namespace {

struct Limit {
  const char* name;
  const char* leaf;
  const char* protection;
};
constexpr Limit kLimits[] = {{"memory", "/resources/memory_bytes", "cgroup.memory"},
                             {"cpu", "/resources/cpus_milli", "cgroup.cpu"},
                             {"pids", "/resources/pids", "cgroup.pids"}};

Result<void> lower(pid_t pid, __rlimit_resource which, std::uint64_t value, const char* name) {
  rlimit both{};
  if (value == 0) {
    return {};
  }
  if (::prlimit(pid, which, nullptr, &both) == 0) {
    both.rlim_max = std::min<rlim_t>(both.rlim_max, value);
    both.rlim_cur = std::min(both.rlim_cur, both.rlim_max);
    if (::prlimit(pid, which, &both, nullptr) == 0) {
      return {};
    }
  }
  return fail_errno(errno, std::string("cannot set ") + name + " of the sandbox");
}

}  // namespace

void fall_back(Limits& limits,
               const contract::Resources& resources,
               const std::string& limit,
               const std::string& because) {
  if (limit == "memory") {
    limits.data_bytes = resources.memory_bytes.value_or(0);
    limits.mechanisms[limit] = "rlimit RLIMIT_DATA (each process)";
  } else if (limit == "pids" && ::geteuid() != 0) {  // the kernel exempts its root from it
    limits.processes = resources.pids.value_or(0);
    limits.mechanisms[limit] = "rlimit RLIMIT_NPROC (of the user)";
  } else {
    limits.missing[limit] = because + (limit == "cpu" ? ", and no rlimit limits CPU shares"
                                                      : ", and RLIMIT_NPROC does not bind root");
  }
}

contract::Resources every_limit() {
  contract::Resources all;
  all.memory_bytes = 1;
  all.cpus_milli = 1;
  all.pids = 1;
  return all;
}

void answer_limits(sdk::Answers& answers, const Limits& limits) {
  for (const Limit& limit : kLimits) {
    if (const auto found = limits.mechanisms.find(limit.name); found != limits.mechanisms.end()) {
      answers.enforce(limit.leaf, found->second);
    } else if (const auto why = limits.missing.find(limit.name); why != limits.missing.end()) {
      answers.refuse(limit.leaf, why->second);
    }
  }
}

void report_limits(contract::ProbeReply& reply, const Limits& limits, const std::string& remedy) {
  for (const Limit& limit : kLimits) {
    if (const auto found = limits.mechanisms.find(limit.name); found != limits.mechanisms.end()) {
      reply.protections.push_back({limit.protection, true, found->second, "", ""});
    } else {
      reply.protections.push_back(
          {limit.protection, false, "", limits.missing.at(limit.name), remedy});
    }
  }
}

Result<void> limit_process(pid_t pid, const Limits& limits) {
  auto set = lower(pid, RLIMIT_DATA, limits.data_bytes, "RLIMIT_DATA");
  return set ? lower(pid, RLIMIT_NPROC, limits.processes, "RLIMIT_NPROC") : set;
}

}  // namespace paddock::support
