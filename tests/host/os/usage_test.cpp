// What groups of processes use, from texts that kernels wrote.
#include "os/usage.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test
using test::TempDir;
using test::write_text;

namespace {

/// Linux 6.1 with version 2 alone.
std::string recorded_v2(const TempDir& dir) {
  const auto group = dir / "unified";
  write_text(group / "cpu.stat", "usage_usec 2750943\nuser_usec 1500000\nsystem_usec 1250943\n");
  write_text(group / "cpu.max", "150000 100000\n");
  write_text(group / "memory.current", "10485760\n");
  write_text(group / "memory.stat", "anon 4194304\nfile 6291456\ninactive_file 2097152\n");
  write_text(group / "memory.max", "536870912\n");
  write_text(group / "pids.current", "7\n");
  write_text(group / "pids.max", "max\n");
  write_text(group / "io.stat",
             "8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n"
             "253:1 rbytes=100 wbytes=200 rios=1 wios=1 dbytes=0 dios=0\n");
  return group;
}

/// Linux 6.18 with version 1: cpu and cpuacct together.
std::map<std::string, std::string> recorded_v1(const TempDir& dir) {
  write_text(dir / "memory/memory.usage_in_bytes", "3145728\n");
  write_text(dir / "memory/memory.stat",
             "cache 4096\ninactive_file 1\ntotal_inactive_file 1048576\n");
  write_text(dir / "memory/memory.limit_in_bytes", "9223372036854771712\n");
  write_text(dir / "cpu/cpuacct.usage", "123456789\n");
  write_text(dir / "cpu/cpu.cfs_quota_us", "-1\n");
  write_text(dir / "cpu/cpu.cfs_period_us", "100000\n");
  write_text(dir / "pids/pids.current", "3\n");
  write_text(dir / "pids/pids.max", "64\n");
  return {{"memory", dir / "memory"}, {"cpu", dir / "cpu"}, {"pids", dir / "pids"}};
}

void process(const TempDir& dir, int pid, const std::string& stat, const std::string& pss) {
  const auto folder = dir / std::to_string(pid);
  write_text(folder / "stat", std::to_string(pid) + stat);
  if (!pss.empty()) {
    write_text(folder / "smaps_rollup",
               "55d0-7ffd ---p 00000000 00:00 0 [rollup]\nRss: 900 kB\n" + pss);
    write_text(folder / "io", "rchar: 9\nread_bytes: 4096\nwrite_bytes: 512\n");
  }
}

constexpr const char* kStat =
    " (a) (b) S 1 1 1 0 -1 4194560 0 0 0 0 150 50 30 20 20 0 3 0 100 1000 10 0\n";

}  // namespace

TEST_CASE("usage: a group of version 2", "[os]") {
  const TempDir dir;
  const os::Usage usage = os::cgroup_usage({{"", recorded_v2(dir)}});
  CHECK(usage.cpu_us == 2750943U);
  CHECK(usage.cpu_max_milli == 1500U);
  CHECK(usage.memory_bytes == 8388608U);
  CHECK(usage.memory_max_bytes == 536870912U);
  CHECK(usage.tasks == 7U);
  CHECK(usage.tasks_max == os::kNoLimit);
  CHECK(usage.read_bytes == 4196U);
  CHECK(usage.written_bytes == 8392U);
  CHECK(usage.sources == std::vector<std::string>{"cgroup v2"});
}

TEST_CASE("usage: groups of version 1", "[os]") {
  const TempDir dir;
  const os::Usage usage = os::cgroup_usage(recorded_v1(dir));
  CHECK(usage.cpu_us == 123456U);
  CHECK(usage.cpu_max_milli == os::kNoLimit);
  CHECK(usage.memory_bytes == 2097152U);
  CHECK(usage.memory_max_bytes == os::kNoLimit);
  CHECK(usage.tasks == 3U);
  CHECK(usage.tasks_max == 64U);
  CHECK_FALSE(usage.read_bytes);
  CHECK(usage.sources == std::vector<std::string>{"cgroup v1"});
}

TEST_CASE("usage: what a group does not say, or not as a number, is absent and never 0", "[os]") {
  const TempDir dir;
  const os::Usage gone = os::cgroup_usage({{"", dir / "gone"}});
  CHECK_FALSE(gone.cpu_us);
  CHECK_FALSE(gone.memory_bytes);
  CHECK(gone.sources.empty());
  write_text(dir / "odd/memory.current", "-5\n");
  write_text(dir / "odd/pids.current", "");
  write_text(dir / "odd/cpu.stat", "usage_usec\n");
  const os::Usage odd = os::cgroup_usage({{"", dir / "odd"}});
  CHECK_FALSE(odd.memory_bytes);
  CHECK_FALSE(odd.tasks);
  CHECK_FALSE(odd.cpu_us);
  CHECK(os::cgroup_usage({}).sources.empty());
}

TEST_CASE("usage: processes are summed, with the time of children that ended", "[os]") {
  const TempDir dir;
  process(dir, 10, kStat, "Pss: 500 kB\n");
  process(dir, 11, kStat, "Pss: 24 kB\n");
  const os::Usage usage = os::process_usage({10, 11, 12}, dir.path());  // 12 has ended
  const auto ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  CHECK(usage.cpu_us == 2 * 250 * 1000000 / ticks);
  CHECK(usage.tasks == 6U);
  CHECK(usage.memory_bytes == 524U * 1024);
  CHECK(usage.read_bytes == 8192U);
  CHECK(usage.written_bytes == 1024U);
  CHECK_FALSE(usage.memory_max_bytes);
  CHECK(usage.sources == std::vector<std::string>{"/proc"});
}

TEST_CASE("usage: one process that tells nothing makes the sum unknown, a zombie does not",
          "[os]") {
  const TempDir dir;
  process(dir, 10, kStat, "Pss: 500 kB\n");
  process(dir, 11, kStat, "");
  const os::Usage silent = os::process_usage({10, 11}, dir.path());
  CHECK_FALSE(silent.memory_bytes);
  CHECK_FALSE(silent.read_bytes);
  CHECK(silent.tasks == 6U);
  std::string zombie = kStat;
  zombie.replace(zombie.find(" S "), 3, " Z ");
  process(dir, 11, zombie, "");
  CHECK(os::process_usage({10, 11}, dir.path()).memory_bytes == 500U * 1024);
  CHECK(os::process_usage({}, dir.path()).sources.empty());
}

TEST_CASE("usage: what one source lacks comes from the other, and is told", "[os]") {
  const TempDir dir;
  process(dir, 10, kStat, "Pss: 500 kB\n");
  auto groups = recorded_v1(dir);
  const os::Usage both =
      os::completed(os::cgroup_usage(groups), os::process_usage({10}, dir.path()));
  CHECK(both.memory_bytes == 2097152U);
  CHECK(both.read_bytes == 4096U);
  CHECK(both.sources == std::vector<std::string>{"cgroup v1", "/proc"});
}

TEST_CASE("usage: this process, by the real /proc", "[os]") {
  const os::Usage usage = os::process_usage({::getpid()});
  CHECK(usage.memory_bytes.value_or(0) > 100000);
  CHECK(usage.tasks.value_or(0) >= 1);
  struct stat own {};
  REQUIRE(::stat("/proc/self/ns/pid", &own) == 0);
  CHECK(os::processes_of_namespace(own.st_ino).empty());
  CHECK(os::processes_of_namespace(0).empty());
}
