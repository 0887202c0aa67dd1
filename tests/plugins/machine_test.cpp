// What the bubblewrap backend makes of a machine, against made-up ones.
#include <cerrno>

#include "support/catch.hpp"
#include "support/hierarchy.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"
#include "userns.hpp"

using namespace paddock;
using namespace paddock::bubblewrap;
using namespace paddock::support;
using namespace paddock::test;

namespace {

/// A user's machine that allows everything, until its files say otherwise.
struct Fake {
  Fake() {
    write_text(root / "proc/self/ns/user", "");
    write("user/max_user_namespaces", "2");
  }
  void write(const std::string& name, const std::string& value) const {
    write_text(root / ("proc/sys/" + name), value + "\n");
  }
  std::string told(bool failed = false) const {
    const auto obstacle = userns_obstacle(machine, failed);
    return obstacle ? obstacle->reason + "\n" + obstacle->remedy : "none";
  }
  TempDir root;
  Machine machine{"/usr/bin/bwrap", root.path().string(), false, [] { return 0; }};
};

}  // namespace

TEST_CASE("bubblewrap machine: limits of namespaces are compared with what a sandbox takes",
          "[bubblewrap][error]") {
  const Fake fake;
  CHECK(fake.told() == "none");
  fake.write("user/max_mnt_namespaces", "0");
  CHECK(fake.told() ==
        "a sandbox takes 1 mnt namespace, and user.max_mnt_namespaces is 0\n"
        "as root: sysctl user.max_mnt_namespaces=15000");
  fake.write("user/max_user_namespaces", "1");
  CHECK(fake.told() ==
        "a sandbox takes 2 user namespaces, and user.max_user_namespaces is 1\n"
        "as root: sysctl user.max_user_namespaces=15000");
}

TEST_CASE("bubblewrap machine: switches for unprivileged users do not bind root",
          "[bubblewrap][error]") {
  Fake fake;
  fake.write("kernel/unprivileged_userns_clone", "0");
  CHECK(fake.told() ==
        "unprivileged user namespaces are switched off (kernel.unprivileged_userns_clone = 0)\n"
        "as root: sysctl kernel.unprivileged_userns_clone=1");
  fake.machine.is_root = true;
  CHECK(fake.told() == "none");
}

TEST_CASE(
    "bubblewrap machine: AppArmor is an obstacle without a profile for bwrap, and with one "
    "that did not help",
    "[bubblewrap][error]") {
  Fake fake;
  fake.machine.attempt = [] { return EPERM; };  // tells of this program's profile, not of bwrap's
  fake.write("kernel/apparmor_restrict_unprivileged_userns", "1");
  const std::string reason =
      "AppArmor forbids user namespaces (kernel.apparmor_restrict_unprivileged_userns = 1)\n";
  CHECK(fake.told() ==
        reason +
            "give '/usr/bin/bwrap' an AppArmor profile with 'userns,' (package apparmor-profiles: "
            "bwrap-userns-restrict), or as root: sysctl "
            "kernel.apparmor_restrict_unprivileged_userns=0");
  write_text(fake.root / "etc/apparmor.d/bwrap", "");
  CHECK(fake.told(false) == "none");
  CHECK(fake.told(true) ==
        reason +
            "load the profile '/etc/apparmor.d/bwrap', as root: apparmor_parser -r "
            "/etc/apparmor.d/bwrap, or as root: sysctl "
            "kernel.apparmor_restrict_unprivileged_userns=0");
}

TEST_CASE("bubblewrap machine: an attempt finds what no switch tells", "[bubblewrap][error]") {
  Fake fake;
  fake.machine.attempt = [] { return EPERM; };
  CHECK(fake.told() ==
        "the kernel refuses a user namespace: Operation not permitted\n"
        "a chroot or a container's seccomp filter does this: run paddock outside of it, or let "
        "the container make user namespaces");
  fake.machine.attempt = [] { return ENOSPC; };
  CHECK(fake.told() ==
        "the kernel refuses a user namespace: No space left on device\n"
        "user namespaces are nested too deep, or this user has as many as "
        "user.max_user_namespaces allows, here or in a container around");
}

TEST_CASE("bubblewrap machine: cpuset is not cpu", "[bubblewrap]") {
  CHECK(lists_controller("cpuset cpu io memory pids\n", "cpu"));
  CHECK(lists_controller("memory pids\n", "pids"));
  CHECK_FALSE(lists_controller("cpuset io memory pids\n", "cpu"));
  CHECK_FALSE(lists_controller("", "cpu"));
}
