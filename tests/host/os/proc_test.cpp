#include "os/proc.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test

TEST_CASE("proc: status of this process", "[os]") {
  const auto status = os::read_status(::getpid());
  REQUIRE(status);
  CHECK(status->uids == std::vector<std::uint32_t>(4, ::getuid()));
  const mode_t mask = ::umask(022);
  ::umask(mask);
  CHECK(status->umask == static_cast<int>(mask));
  CHECK(status->tracer == 0);
  CHECK(status->no_new_privs >= 0);
  CHECK(status->rss_peak_kib > 100);
}

TEST_CASE("proc: limits agree with getrlimit", "[os]") {
  const auto limits = os::read_limits(::getpid());
  REQUIRE(limits);
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  CHECK(limits->at("nofile").soft == limit.rlim_cur);
  CHECK(limits->at("nofile").hard == limit.rlim_max);
  CHECK(limits->size() == 16);
}

TEST_CASE("proc: mountinfo has a root and /proc", "[os]") {
  const auto mounts = os::read_mountinfo(::getpid());
  REQUIRE(mounts);
  const auto at = [&](const std::string& target) {
    return std::find_if(mounts->begin(), mounts->end(),
                        [&](const auto& mount) { return mount.target == target; });
  };
  REQUIRE(at("/proc") != mounts->end());
  CHECK(at("/proc")->fstype == "proc");
  CHECK(at("/proc")->has_option("rw"));
  CHECK(at("/") != mounts->end());
}

TEST_CASE("proc: namespaces, interfaces and descriptors of this process", "[os]") {
  const auto spaces = os::read_namespaces(::getpid());
  REQUIRE(spaces);
  struct stat info {};
  REQUIRE(::stat("/proc/self/ns/net", &info) == 0);
  CHECK(spaces->at("net") == info.st_ino);
  const auto interfaces = os::read_interfaces(::getpid());
  REQUIRE(interfaces);
  CHECK(std::count(interfaces->begin(), interfaces->end(), "lo") == 1);
  CHECK(os::read_descriptors(::getpid())->count(0) == 1);
}

TEST_CASE("proc: a process that is not there is an error", "[os][error]") {
  CHECK(os::read_status(4'194'304).error().what ==
        "cannot open '/proc/4194304/status': No such file or directory");
}

TEST_CASE("proc: names of limits and capabilities", "[os]") {
  CHECK(os::rlimit_number("nofile") == RLIMIT_NOFILE);
  CHECK(os::rlimit_number("NOFILE") == -1);
  CHECK(os::capability_number("CAP_NET_RAW") == 13);
  CHECK(os::capability_name(40) == "CAP_CHECKPOINT_RESTORE");
  CHECK(os::capability_number("NET_RAW") == -1);
  CHECK(os::capability_name(41) == "CAP_41");
}
