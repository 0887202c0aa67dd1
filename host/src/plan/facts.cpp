// What this machine and caller are.
#include <sched.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <cstdlib>

#include "os/paths.hpp"
#include "plan/plan.hpp"

namespace paddock::plan {

LaunchFacts current_facts() {
  LaunchFacts facts;
  facts.host_home = os::user_paths().home;
  if (const char* term = std::getenv("TERM")) {
    facts.term = term;
  }
  struct sysinfo memory {};
  if (::sysinfo(&memory) == 0) {
    const std::uint64_t mebibytes = std::uint64_t{memory.totalram} * memory.mem_unit >> 20;
    facts.host_memory_bytes = mebibytes << 20;  // a number that people can read
  }
  cpu_set_t cpus;
  if (::sched_getaffinity(0, sizeof cpus, &cpus) == 0) {
    facts.host_cpus_milli = static_cast<std::uint32_t>(CPU_COUNT(&cpus)) * 1000;
  }
  struct rlimit files {};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max != RLIM_INFINITY) {
    facts.host_files = files.rlim_max;
  }
  facts.uid = ::getuid();
  facts.gid = ::getgid();
  return facts;
}

}  // namespace paddock::plan
