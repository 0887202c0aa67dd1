// CASES.md sections CP, RS, NT and SE, on bubblewrap.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "integration/world.hpp"
#include "os/process.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

std::string line_of(const std::string& text, const std::string& key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(key + ":", 0) == 0) {
      return line.substr(key.size() + 2);
    }
  }
  return "absent";
}

/// Who a user is inside: the same, but for root.
std::string inside_id(uid_t user) {
  return std::to_string(user == 0 ? 1000 : user);
}

const std::string kNone = "0000000000000000";

}  // namespace

TEST_CASE("CP01: no capability in any set and no_new_privs, for the command and for exec",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    Started box = world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                               "cat /proc/self/status /proc/1/status; echo ready; sleep 1000; :"});
    REQUIRE(box.await_output("ready"));
    const Ran entered = world.run({"exec", "box", "cat", "/proc/self/status"});
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    for (const std::string& status : {box.wait().out, entered.out}) {
      for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
        CHECK(line_of(status, set) == kNone);
      }
      CHECK(line_of(status, "NoNewPrivs") == "1");
    }
  }
  if (::geteuid() == 0) {
    const std::string ours = read_text("/proc/self/status");
    CHECK(line_of(ours, "CapEff") != kNone);  // the control: outside it is otherwise
  }
}

TEST_CASE("CP02: a set-user-ID program gives nothing", "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const Ran ran = world.shell(
        "grep NoNewPrivs /proc/self/status; awk '$5 == \"/usr\" || $5 == \"/workspace\" || $5 == "
        "\"/tmp\" { print $5, $6 ~ /nosuid/ }' /proc/self/mountinfo | sort");
    CHECK(ran.out == "NoNewPrivs:\t1\n/tmp 1\n/usr 1\n/workspace 1\n");
  }
  if (users().size() == 1) {
    return;  // it takes root to make such a program, and another user to gain by it
  }
  const World world(users().back());
  const auto program = world.project() / "setuid-id";
  std::filesystem::copy_file("/usr/bin/id", program);
  REQUIRE(::chmod(program.c_str(), 04755) == 0);
  CHECK(world.outside("./setuid-id -u").out == "0\n");  // the control
  CHECK(world.shell("./setuid-id -u").out == inside_id(world.uid()) + "\n");
}

TEST_CASE("CP03: not root, no groups of the host, namespaces of its own", "[integration][case]") {
  NEEDS_SANDBOXES();
  const std::vector<std::string> names = {"mnt", "pid", "net", "user", "uts", "ipc", "cgroup"};
  std::string script = "id -u; id -g; grep ^Groups: /proc/self/status";
  for (const std::string& name : names) {
    script += "; readlink /proc/self/ns/" + name;
  }
  for (const uid_t user : users()) {
    CAPTURE(user);
    World world(user);
    world.groups = {4, 27};
    const bool has_groups = user != ::geteuid();
    const std::string outside = world.outside("grep ^Groups: /proc/self/status").out;
    CHECK((outside.find("4 27") != std::string::npos) == has_groups);  // the control
    const Ran ran = world.shell(script);
    std::istringstream lines(ran.out);
    std::string uid, gid, groups;
    std::getline(lines, uid);
    std::getline(lines, gid);
    std::getline(lines, groups);
    CHECK(uid == inside_id(user));
    CHECK(gid == inside_id(user));
    // What an ordinary user cannot drop is unmapped: the overflow group.
    std::istringstream numbers(groups.substr(groups.find(':') + 1));
    for (std::string number; numbers >> number;) {
      CHECK((number == "65534" || number == gid));
    }
    for (const std::string& name : names) {
      std::string inside;
      lines >> inside;
      CHECK(inside.rfind(name + ":[", 0) == 0);
      CHECK(inside != std::filesystem::read_symlink("/proc/self/ns/" + name).string());
    }
  }
}

TEST_CASE("SC01: no user namespace can be made, by run nor by exec", "[integration][case]") {
  NEEDS_SANDBOXES();
  if (!std::filesystem::exists("/usr/bin/unshare")) {
    PADDOCK_SKIP("no unshare program here");
  }
  // Whoever makes one may mount the host's cgroups of version 1, and tmpfs without a limit.
  const std::string script =
      "unshare true && echo control; unshare -U true 2>&1; unshare -UrCm true 2>&1";
  const std::string refused = "unshare: unshare failed: No space left on device\n";
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    Started box = world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                               script + "; echo ready; exec sleep 1000"});
    REQUIRE(box.await_output("ready"));
    const Ran entered = world.run({"exec", "box", "--", "sh", "-c", script});
    CHECK(entered.out == "control\n" + refused + refused);
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    CHECK(box.wait().out == "control\n" + refused + refused + "ready\n");
  }
  CHECK(paddock::os::capture({"unshare", "-U", "true"}, std::chrono::seconds(20))->status == 0);
}

TEST_CASE("CP05: exec has no way to be root or privileged", "[integration][case]") {
  const World world;
  for (const char* option : {"--user", "--privileged", "--root", "-u"}) {
    const Ran ran = world.run({"exec", option, "box", "id"});
    CHECK(ran.status == 125);
    CHECK(ran.err.find("error[P0003]") != std::string::npos);
  }
}

TEST_CASE("CP07: descriptors of the caller do not reach the sandbox", "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    World world(user);
    world.write(world.root() / "secret.txt", "canary\n");
    const std::string secret = (world.root() / "secret.txt").string();
    world.in_child = [secret] {
      const int fd = ::open(secret.c_str(), O_RDONLY);
      for (int i = 3; i <= 20; ++i) {
        ::dup2(fd, i);
      }
    };
    CHECK(world.outside("cat <&7; ls -l /proc/self/fd | grep -c secret.txt").out ==
          "canary\n18\n");  // the control: they pass to a program
    const Ran ran = world.shell(
        "for p in 1 self; do ls -l /proc/$p/fd; done; cat /proc/self/fd/7 <&7; "
        "cat /proc/1/fd/* 2>/dev/null < /dev/null");
    CHECK(ran.out.find("canary") == std::string::npos);
    CHECK(ran.out.find("secret.txt") == std::string::npos);
    CHECK(ran.out.find(" 0 -> ") != std::string::npos);
  }
}

TEST_CASE("CP08: devices are few and none can be made", "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const Ran ran = world.shell(
        "for d in mem kmsg sda vda kvm fuse net/tun; do test -e /dev/$d && head -c 1 /dev/$d && "
        "echo $d; done; "
        "for t in 'c 1 3' 'b 7 0'; do mknod /tmp/node $t 2>/dev/null && echo made $t; done; "
        "mknod /tmp/fifo p && test -p /tmp/fifo && echo fifo; head -c 1 /dev/zero | wc -c; echo x "
        "> "
        "/dev/null && echo control");
    CHECK(ran.out == "fifo\n1\ncontrol\n");
  }
}

TEST_CASE("RS01: a memory limit ends the hog inside, and that is told", "[integration][case]") {
  NEEDS_SANDBOXES();
  const std::string hog = "x = bytearray(300 << 20); print(len(x))";
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.profile("small", "extends = ['quickstart']\n[resources]\nmemory = '64MiB'\n");
    CHECK(world.outside("python3 -c '" + hog + "'").out == "314572800\n");  // the control
    const Ran ran = world.run({"run", "--ledger", "small", "--", "python3", "-c", hog});
    INFO(ran.err);
    CHECK(ran.status != 0);
    CHECK(ran.out.empty());
    // A cgroup kills, and paddock says so; an rlimit refuses, and the program says so.
    const bool by_cgroup = ran.err.find("memory.limit_in_bytes") != std::string::npos ||
                           ran.err.find("memory.max") != std::string::npos;
    CHECK((ran.err.find("the memory limit of sandbox") != std::string::npos) == by_cgroup);
    CHECK((ran.err.find("MemoryError") != std::string::npos) == !by_cgroup);
    CHECK(world.run({"run", "small", "--", "echo", "control"}).out == "control\n");
  }
}

TEST_CASE("RS02: limits above the machine are clamped, and that is told", "[integration][case]") {
  NEEDS_SANDBOXES();
  const World world;
  world.profile("huge", "extends = ['quickstart']\n[resources]\ncpus = 512\nmemory = '64TiB'\n");
  const Ran ran = world.run({"run", "huge", "--", "echo", "ran"});
  INFO(ran.err);
  CHECK(ran.status == 0);
  CHECK(ran.out == "ran\n");
  CHECK(ran.err.find("resources.cpus") != std::string::npos);
  CHECK(ran.err.find("resources.memory") != std::string::npos);
}

TEST_CASE("RS02: the share of CPU time is the quota, or is said to be nobody's",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  // Two processes spin for as long as the clock says; what they used of it, in per cent.
  const std::string spin =
      "import os, time\n"
      "end = time.monotonic() + 2\n"
      "child = os.fork()\n"
      "while time.monotonic() < end: pass\n"
      "if child == 0: os._exit(0)\n"
      "os.wait()\n"
      "t = os.times()\n"
      "print(int((t.user + t.system + t.children_user + t.children_system) / 2 * 100))\n";
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.profile("tenth", "extends = ['quickstart']\n[resources]\ncpus = 0.1\n");
    const auto share = [&](const std::string& profile) {
      const Ran ran = world.run({"run", "--ledger", profile, "--", "python3", "-c", spin});
      INFO(ran.err);
      REQUIRE(ran.status == 0);
      const bool limited = ran.err.find("cfs_quota_us") != std::string::npos ||
                           ran.err.find("cpu.max") != std::string::npos;
      CHECK((limited || ran.err.find("not enforced: cgroup.cpu") != std::string::npos ||
             ran.err.find("cgroup.cpu              not enforced") != std::string::npos));
      return std::pair(limited, std::stoi(ran.out));
    };
    const auto [limited, used] = share("tenth");
    if (limited) {
      CHECK(used >= 4);  // the machine may be busy
      CHECK(used <= 14);
      CHECK(eventually([&] { return share("quickstart").second > 25; }));  // the control
    }
  }
}

TEST_CASE("RS03: a fork bomb is capped, and gone soon after", "[integration][case]") {
  NEEDS_SANDBOXES();
  const std::string bomb =
      "import os, time\n"
      "made = 0\n"
      "try:\n"
      "    while made < 400:\n"
      "        if os.fork() == 0: time.sleep(1000)\n"
      "        made += 1\n"
      "except OSError: pass\n"
      "print('made', made, flush=True)\n"
      "time.sleep(1000)\n";
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.profile("few", "extends = ['quickstart']\n[resources]\npids = 64\n");
    Started box = world.start({"run", "--name", "box", "few", "--", "python3", "-c", bomb});
    REQUIRE(box.await_output("made "));
    // Host processes of the same user are not counted with those inside.
    CHECK(world
              .outside("n=0; for i in $(seq 100); do sleep 0.5 & kill -0 $! && n=$((n + 1)); done; "
                       "echo $n; wait")
              .out == "100\n");
    const auto start = std::chrono::steady_clock::now();
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    const int made = std::stoi(box.wait().out.substr(5));
    CHECK(made > 10);  // the control: it forks at all
    CHECK(made < 64);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
    CHECK(eventually([&] { return residue(world).empty(); }, std::chrono::seconds(10)));
    CHECK_FALSE(instances_of(world).empty());  // residue() looked for its cgroups
    CHECK(world.run({"run", "few", "--", "sh", "-c", "true & wait && echo control"}).out ==
          "control\n");
  }
}

TEST_CASE("RS04: what the sandbox writes of its own is limited, the workspace is said not to be",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.profile("tight", "extends = ['quickstart']\n[resources]\ndisk = '16MiB'\n");
    const Ran ran = world.run(
        {"run", "--ledger", "tight", "--", "sh", "-c",
         "for d in /tmp \"$HOME\" /dev/shm /workspace; do head -c 60000000 /dev/zero 2>/dev/null "
         "> $d/full || true; test $(stat -c %s $d/full) = 60000000 && echo $d; rm $d/full; done; "
         "head -c 1000000 /dev/zero > /tmp/small && echo control"});
    INFO(ran.err);
    CHECK(ran.out == "/workspace\ncontrol\n");
    CHECK(ran.err.find("size of each tmpfs; the workspace is not limited") != std::string::npos);
    const Ran plan = world.run({"plan", "tight"});
    CHECK(plan.out.find("the workspace is not limited") != std::string::npos);
  }
}

TEST_CASE("RS07: a huge line and bad UTF-8 pass unchanged, by exec too", "[integration][case]") {
  NEEDS_SANDBOXES();
  const World world;
  const std::string script = "head -c 10000000 /dev/zero | tr '\\0' x; printf '\\377\\376'";
  Started box = world.start({"run", "--name", "box", "quickstart", "--", "sleep", "1000"});
  REQUIRE(world.await_running("box"));
  for (const Ran& ran : {world.shell(script), world.run({"exec", "box", "sh", "-c", script})}) {
    CHECK(ran.status == 0);
    CHECK(ran.out.size() == 10000002);
    CHECK(ran.out.substr(0, 10000000) == std::string(10000000, 'x'));
    CHECK(ran.out.substr(ran.out.size() - 2) == "\xff\xfe");
  }
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
}

TEST_CASE("NT20: network none has only lo, and no abstract socket of the host",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = "paddock-test-" + std::to_string(::getpid());
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), length) == 0);
  REQUIRE(::listen(listener, 5) == 0);
  const int control = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(::connect(control, reinterpret_cast<sockaddr*>(&address), length) == 0);

  const int tcp = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in loopback{};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(tcp, reinterpret_cast<sockaddr*>(&loopback), sizeof loopback) == 0);
  REQUIRE(::listen(tcp, 5) == 0);
  socklen_t size = sizeof loopback;
  ::getsockname(tcp, reinterpret_cast<sockaddr*>(&loopback), &size);
  const std::string port = std::to_string(ntohs(loopback.sin_port));

  const std::string script =
      "import socket,sys\n"
      "def attempt(what, f):\n"
      "    try:\n        f(); print(what, 'reached')\n"
      "    except OSError as e:\n        print(what, 'no')\n"
      "def connect(family, address):\n"
      "    s = socket.socket(family, socket.SOCK_STREAM); s.settimeout(3); s.connect(address)\n"
      "attempt('abstract', lambda: connect(socket.AF_UNIX, '\\0" +
      name +
      "'))\n"
      "attempt('tcp', lambda: connect(socket.AF_INET, ('127.0.0.1', " +
      port +
      ")))\n"
      "attempt('dns', lambda: socket.getaddrinfo('example.invalid', 80))\n"
      "l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen(1)\n"
      "attempt('own loopback', lambda: connect(socket.AF_INET, l.getsockname()))\n";
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const Ran ran = world.run({"run", "quickstart", "--", "python3", "-c", script});
    CHECK(ran.out == "abstract no\ntcp no\ndns no\nown loopback reached\n");
    CHECK(world.shell("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '").out == "lo\n");
  }
  for (const int fd : {listener, control, tcp}) {
    ::close(fd);
  }
}

TEST_CASE("SE06: a folder's .env and the caller's PADDOCK_* have no effect",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  World world;
  const Ran before = world.run({"plan", "--json", "quickstart"});
  world.write(world.project() / ".env",
              "PADDOCK_STATE_DIR=/tmp/elsewhere\nHOME=/root\nLD_PRELOAD=/tmp/"
              "x.so\nPADDOCK_PLUGIN_PATH=/tmp\n"
              "DOCKER_HOST=tcp://127.0.0.1:1\n");
  world.environment["PADDOCK_PLUGIN_PATH"] = world.project();
  world.environment["PADDOCK_PROFILE_PATH"] = world.project();
  world.environment["PADDOCK_CONFIG"] = world.project() / "paddock.toml";
  world.environment["PADDOCK_TEST_FAULT"] = "create";  // honoured by the test build only
  world.write(world.project() / "quickstart.toml",
              "schema_version = 1\n[network]\nmode = 'bridge'\n");
  const Ran after = world.run({"plan", "--json", "quickstart"});
  CHECK(before.status == 0);
  CHECK(after.out == before.out);
  const Ran ran = world.run({"run", "quickstart", "env"});
  CHECK(ran.status == 0);
  CHECK(ran.out.find("PADDOCK") == std::string::npos);
  CHECK(ran.out.find("LD_PRELOAD") == std::string::npos);
}
