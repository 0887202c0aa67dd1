// `verify` of a sandbox that runs: what it still can prove, what a workload does to it, and every
// protection undone from outside, one at a time.
#include <sys/ptrace.h>

#include <set>
#include <sstream>

#include "integration/world.hpp"
#include "os/process.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

/// Protections of `verify --plain` by verdict.
std::set<std::string> with_verdict(const Ran& verified, const std::string& verdict) {
  std::set<std::string> names;
  std::istringstream lines(verified.out);
  for (std::string line; std::getline(lines, line);) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos &&
        line.compare(tab, verdict.size() + 2, "\t" + verdict + "\t") == 0) {
      names.insert(line.substr(0, tab));
    }
  }
  return names;
}

/// The sandbox's first process, as the host sees it.
std::string pid_of(const World& world) {
  const std::string listed = world.run({"ps", "--json"}).out;
  const auto at = listed.find("\"pid\":");
  REQUIRE(at != std::string::npos);
  return std::to_string(std::stol(listed.substr(at + 6)));
}

/// A sandbox named box that shows folders of both kinds and hides one.
struct Box : World {
  explicit Box(const std::string& script = "echo ready; sleep 1000; :") {
    write(project() / "imports/in.txt", "handed in\n");
    write(project() / "exports/secret/token", "canary\n");
    profile("box",
            "extends = ['base']\n[process]\ncwd = '/workspace'\n[workspace]\nroot = '${cwd}'\n"
            "[workspace.folders]\nimports = 'ro'\nexports = 'rw'\n[resources]\npids = 200\n"
            "[hardener.baseline]\nhidden_paths = ['" +
                (project() / "exports/secret").string() + "']\n");
    started.emplace(start({"run", "--name", "box", "box", "--", "sh", "-c", script}));
    REQUIRE(started->await_output("ready"));
  }
  ~Box() { (void)run({"stop", "--grace", "0", "box"}); }
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;

  std::optional<Started> started;
};

/// Undone from outside by root: `undo` is a shell script in the namespaces that `enter` names
/// (options of nsenter(1); empty: the host's own, with the PID as $1).
struct Undone {
  const char* protection;
  const char* enter;
  const char* undo;
};

constexpr Undone kUndone[] = {
    {"rootfs.host", "-m", "mount --bind /usr/bin /usr"},
    {"rootfs.read-only", "-m", "mount -o remount,bind,rw /"},
    {"mounts.read-only", "-m", "mount -o remount,bind,rw /workspace/imports"},
    {"mounts.writable", "-m", "mount -o remount,bind,ro /workspace/exports"},
    {"mounts.declared-only", "-m", "mount --bind /usr/bin /usr/local"},
    {"mounts.declared-only", "-m", "mount -t tmpfs none /usr/local"},
    {"mounts.declared-only", "-m", "umount -l /workspace/exports"},
    {"mounts.declared-only", "-m", "mount -o remount,bind,suid /workspace/exports"},
    {"mounts.declared-only", "-m", "mount -o remount,bind,dev /tmp"},
    {"mounts.declared-only", "-m", "mount --make-shared /workspace/exports"},
    {"kernel-paths.masked", "-m", "umount /proc/keys"},
    {"kernel-paths.read-only", "-m", "mount -o remount,bind,rw /proc/sys"},
    {"host-paths.hidden", "-m", "umount /workspace/exports/secret"},
    {"devices.minimal", "-m", "mount -o remount,bind,rw /dev && mknod /dev/mem c 1 1"},
    {"disk.limited", "-m", "mount -o remount,size=64g /tmp"},
    {"network.none", "-n",
     "for kind in dummy bridge veth; do ip link add pad0 type $kind 2>/dev/null && exit; done; "
     "ip tuntap add pad0 mode tun"},
    {"namespaces", "-u", "hostname elsewhere"},
    {"cgroup.memory", "", "echo $1 > /sys/fs/cgroup/memory/cgroup.procs"},
    {"cgroup.cpu", "", "echo $1 > /sys/fs/cgroup/cpu/cgroup.procs"},
    {"cgroup.pids", "", "echo 5000 > $(ls -d /sys/fs/cgroup/pids/paddock-$2)/pids.max"},
};

/// Set once and for good: the kernel lets nobody change these of a process that runs, but the
/// limits, which takes a capability that the root of a container may lack; and what the gate or
/// the backend gave its word for.
const std::set<std::string> kForGood = {
    "capabilities",   "isolation",       "no-new-privs",  "process.cwd",
    "process.limits", "process.session", "process.start", "user"};

std::string instance_of(const World& world) {
  const std::string listed = world.run({"ps", "--json"}).out;
  const auto at = listed.find("\"instance\":\"");
  REQUIRE(at != std::string::npos);
  return listed.substr(at + 12, 16);
}

paddock::os::Captured undo(const World& world, const Undone& undone) {
  const std::string pid = pid_of(world);
  std::vector<std::string> words;
  if (*undone.enter != '\0') {
    words = {"nsenter", "-t", pid, "-p", undone.enter};
  }
  words.insert(words.end(), {"sh", "-c", undone.undo, "sh", pid, instance_of(world)});
  const auto ran = paddock::os::capture(words, std::chrono::seconds(20));
  REQUIRE(ran);
  return *ran;
}

bool can_limit_by_cgroup_v1() {
  return std::filesystem::exists("/sys/fs/cgroup/pids/cgroup.procs");
}

}  // namespace

TEST_CASE("verify: what only the gate could show is assumed, and not counted as proved",
          "[integration]") {
  NEEDS_SANDBOXES();
  for (const char* init : {"true", "false"}) {
    CAPTURE(init);
    const World world;
    world.profile("plain",
                  "extends = ['quickstart']\n[process]\ninit = " + std::string(init) + "\n");
    Started box = world.start({"run", "--name", "box", "plain", "--", "python3", "-c",
                               "import os, time; os.umask(0); os.dup2(0, 9); "
                               "print('ready', flush=True); time.sleep(1000)"});
    REQUIRE(box.await_output("ready"));
    const Ran verified = world.run({"verify", "--plain", "box"});
    INFO(verified.out << verified.err);
    CHECK(verified.status == 0);
    CHECK(with_verdict(verified, "assumed") ==
          std::set<std::string>{"descriptors.closed", "process.umask"});
    const std::string all = std::to_string(with_verdict(verified, "ok").size() + 2);
    const std::string held = std::to_string(with_verdict(verified, "ok").size());
    const Ran told = world.run({"verify", "box"});
    CHECK(told.out.find("proved " + held + " of " + all + " protections") != std::string::npos);
    CHECK(told.out.find("; assumed: descriptors.closed, process.umask") != std::string::npos);
    // Answers of a gate that shares its user with the workload are its word alone.
    const Ran json = world.run({"verify", "--json", "box"});
    CHECK(json.out.find(
              R"({"evidence":"reported","expected":"EPERM","holds":true,"kind":"must-fail")") !=
          std::string::npos);
    CHECK(json.out.find(R"({"evidence":"observed","expected":"EPERM")") == std::string::npos);
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
  }
}

TEST_CASE("verify: a workload that fills and closes its own directories changes nothing",
          "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    Started box = world.start({"run", "--set", "resources.disk=16MiB", "--name", "box",
                               "quickstart", "--", "sh", "-c",
                               "touch /tmp/.paddock-probe-device /tmp/.paddock-device; head -c "
                               "100m /dev/zero > /tmp/full; "
                               "chmod 0 /tmp \"$HOME\" 2>/dev/null; echo ready; sleep 1000; :"});
    REQUIRE(box.await_output("ready"));
    const Ran entered = world.run({"exec", "box", "sh", "-c", "touch /tmp/x || echo closed"});
    INFO(entered.err);
    CHECK(entered.status == 0);
    CHECK(entered.out == "closed\n");  // the control: it is closed indeed
    const Ran verified = world.run({"verify", "box"});
    INFO(verified.out << verified.err);
    CHECK(verified.status == 0);
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
  }
}

TEST_CASE("verify: a workload that traces the gate is found out", "[integration]") {
  NEEDS_SANDBOXES();
  const auto yama = std::filesystem::path("/proc/sys/kernel/yama/ptrace_scope");
  if (std::filesystem::exists(yama) && read_text(yama) != "0\n") {
    PADDOCK_SKIP("processes cannot trace each other here");
  }
  const std::string script =
      "import ctypes, os, sys\n"
      "libc = ctypes.CDLL(None, use_errno=True)\n"
      "seen = set(os.listdir('/proc'))\n"
      "print('ready', flush=True)\n"
      "while True:\n"
      "    for name in os.listdir('/proc'):\n"
      "        if name.isdigit() and name not in seen:\n"
      "            libc.ptrace(0x4206, int(name), 0, 0)\n";  // PTRACE_SEIZE
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    Started quiet = world.start({"run", "--name", "quiet", "quickstart", "--", "sleep", "1000"});
    REQUIRE(world.await_running("quiet"));
    CHECK(world.run({"verify", "quiet"}).status == 0);  // the control
    Started box =
        world.start({"run", "--name", "box", "quickstart", "--", "python3", "-c", script});
    REQUIRE(box.await_output("ready"));
    const std::string wanted =
        " of the sandbox traces the gate, whose answers are then worth nothing";
    Ran verified, entered;
    CHECK(eventually([&] {
      verified = world.run({"verify", "box"});
      return verified.err.find(wanted) != std::string::npos;
    }));
    CHECK(verified.status != 0);
    CHECK(verified.out.empty());
    // Who attaches once the proof is over traces the command alone, which then never ends.
    CHECK(eventually([&] {
      Started attempt = world.start({"exec", "box", "echo", "ran"});
      const bool ended = attempt.await_exit(std::chrono::seconds(3));
      entered = ended ? attempt.wait() : Ran{};
      return entered.err.find(wanted) != std::string::npos;
    }));
    INFO(entered.err);
    CHECK(entered.out.empty());
    for (const char* name : {"box", "quiet"}) {
      CHECK(world.run({"stop", "--grace", "0", name}).status == 0);
    }
  }
}

TEST_CASE("verify: every protection that is undone while the sandbox runs is noticed",
          "[integration]") {
  NEEDS_SANDBOXES();
  if (::geteuid() != 0) {
    PADDOCK_SKIP("it takes root to undo a sandbox from outside");
  }
  if (!can_limit_by_cgroup_v1()) {
    PADDOCK_SKIP("the table undoes limits of cgroup version 1");
  }
  std::set<std::string> left;
  for (const Undone& undone : kUndone) {
    CAPTURE(undone.protection, undone.undo);
    const Box box;
    const Ran before = box.run({"verify", "--plain", "box"});
    INFO(before.out << before.err);
    CHECK(before.status == 0);
    if (left.empty()) {
      left = with_verdict(before, "ok");
    }
    const auto done = undo(box, undone);
    INFO(done.err);
    REQUIRE(done.status == 0);
    const Ran after = box.run({"verify", "--plain", "box"});
    INFO(after.out << after.err);
    CHECK(after.status == 3);
    CHECK(with_verdict(after, "FAIL").contains(undone.protection));
  }
  for (const Undone& undone : kUndone) {
    left.erase(undone.protection);
  }
  CHECK(left == kForGood);  // no protection is missing from the table
}

TEST_CASE("exec: in a sandbox that does not hold it is refused, and the sandbox runs on",
          "[integration]") {
  NEEDS_SANDBOXES();
  if (::geteuid() != 0) {
    PADDOCK_SKIP("it takes root to undo a sandbox from outside");
  }
  const Box box;
  CHECK(box.run({"exec", "box", "ls", "/workspace/exports/secret"}).out.empty());
  CHECK(undo(box, {"host-paths.hidden", "-m", "umount /workspace/exports/secret"}).status == 0);
  const Ran entered = box.run({"exec", "box", "cat", "/workspace/exports/secret/token"});
  CHECK(entered.status == 125);
  CHECK(entered.out.empty());
  CHECK(entered.err.find("a protection does not hold in the sandbox: host-paths.hidden") !=
        std::string::npos);
  CHECK(entered.err.find("hint: the command was not started; sandbox 'box' itself runs on\n") !=
        std::string::npos);
  CHECK(box.await_running("box"));
}
