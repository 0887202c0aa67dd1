// What a sandbox of the bubblewrap backend is like, seen from inside and from outside.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/pinned.hpp"
#include "support/skip.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

contract::Mount bind_mount(const std::string& source, bool read_only) {
  contract::Mount mount;
  mount.source = source;
  mount.identity = identity_at(source);
  mount.read_only = read_only;
  mount.purpose = "mount";
  return mount;
}

std::string read_proc(std::int64_t pid, const std::string& name) {
  return read_text("/proc/" + std::to_string(pid) + "/" + name);
}

}  // namespace

TEST_CASE("bubblewrap: a command runs and its exit code is known", "[bubblewrap][integration]") {
  const Outcome outcome = run_in_sandbox(strict_plan(), "echo hello; exit 7");
  CHECK(outcome.output == "hello\n");
  CHECK(outcome.code == 7);
}

TEST_CASE("bubblewrap: a signal that ends the command is told as 128+n",
          "[bubblewrap][integration]") {
  CHECK(run_in_sandbox(strict_plan(), "kill -9 $$").code == 137);
}

TEST_CASE("bubblewrap: the waiting gate has no privilege and namespaces of its own",
          "[bubblewrap][integration]") {
  Box box(strict_plan());
  const auto created = box.create();
  REQUIRE(created.has_value());
  const std::string status = read_proc(box.sandbox.pid, "status");
  for (const char* line :
       {"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000",
        "CapBnd:\t0000000000000000", "CapAmb:\t0000000000000000", "NoNewPrivs:\t1"}) {
    CHECK(contains(status, line));
  }
  for (const char* name : {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup"}) {
    const std::string link = "/ns/" + std::string(name);
    CHECK(std::filesystem::read_symlink("/proc/self" + link) !=
          std::filesystem::read_symlink("/proc/" + std::to_string(box.sandbox.pid) + link));
  }
}

TEST_CASE("bubblewrap: nothing of a profile shows in a command line or environment",
          "[bubblewrap][integration]") {
  contract::Plan plan = strict_plan();
  plan.process.hostname = "canary-0f3a";
  plan.process.environment["TOKEN"] = "canary-0f3a";
  Box box(plan);
  REQUIRE(box.create().has_value());
  const std::string json = box.sandbox.record.text;
  const std::size_t at = json.find("\"monitor\":");
  REQUIRE(at != std::string::npos);
  for (const std::int64_t pid : {box.sandbox.pid, std::int64_t{std::stoll(json.substr(at + 10))}}) {
    CHECK(!contains(read_proc(pid, "cmdline"), "canary"));
    CHECK(!contains(read_proc(pid, "environ"), "canary"));
  }
  CHECK(box.run("hostname; echo $TOKEN").output == "canary-0f3a\ncanary-0f3a\n");
}

TEST_CASE("bubblewrap: descriptors of the host do not reach the sandbox",
          "[bubblewrap][integration]") {
  std::vector<int> leaks;
  for (int i = 0; i < 18; ++i) {
    leaks.push_back(::open("/etc/passwd", O_RDONLY));  // deliberately without O_CLOEXEC
  }
  Box box(strict_plan());
  REQUIRE(box.create().has_value());
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/" + std::to_string(box.sandbox.pid) + "/fd")) {
    count += entry.path().empty() ? 0 : 1;
  }
  for (const int fd : leaks) {
    ::close(fd);
  }
  CHECK(count == 4);  // three standard ones and the channel
  CHECK(box.run("ls /proc/self/fd").output == "0\n1\n2\n3\n");  // 3 is the directory that ls reads
}

TEST_CASE("bubblewrap: the root is read-only, scratch space is not", "[bubblewrap][integration]") {
  const Outcome outcome = run_in_sandbox(
      strict_plan(),
      "for d in / /usr /etc /dev /.paddock; do touch $d/x 2>/dev/null && echo wrote $d; done;"
      "for d in /tmp /home/sandbox /dev/shm; do touch $d/x || echo not $d; done; echo end");
  CHECK(outcome.output == "end\n");
}

TEST_CASE("bubblewrap: only a short list of the host's etc is there", "[bubblewrap][integration]") {
  const Outcome outcome =
      run_in_sandbox(strict_plan(),
                     "ls -d /etc/shadow /etc/ssh /etc/fstab /root /home/* /mnt /var 2>/dev/null;"
                     "id -u; id -un; getent hosts localhost >/dev/null && echo resolves");
  CHECK(outcome.output == "/home/sandbox\n1000\nsandbox\nresolves\n");
}

TEST_CASE("bubblewrap: masked kernel paths are empty and kernel settings read-only",
          "[bubblewrap][integration]") {
  REQUIRE(!read_text("/proc/interrupts").empty());  // the control: outside there is something
  const Outcome outcome =
      run_in_sandbox(strict_plan(),
                     "cat /proc/keys /proc/interrupts; ls -A /proc/acpi;"
                     "echo 1 2>/dev/null >/proc/sys/net/ipv4/ip_forward && echo wrote;"
                     "test -r /proc/sys/net/ipv4/ip_forward && cat /proc/sys/kernel/ostype");
  CHECK(outcome.output == "Linux\n");
}

TEST_CASE("bubblewrap: hidden host directories are empty where they would show",
          "[bubblewrap][integration]") {
  contract::Plan plan = strict_plan();
  const TempDir folder;
  write_text(folder / "seen", "seen");
  std::filesystem::create_directory(folder / "secret");
  write_text(folder / "secret/token", "token");
  plan.mounts["/workspace"] = bind_mount(folder.path(), false);
  const std::string script = "ls /usr/share/doc | wc -l; ls /workspace/secret; cat /workspace/seen";
  CHECK(contains(run_in_sandbox(plan, script).output, "token\nseen"));
  plan.security.hidden_paths = {"/usr/share/doc", (folder / "secret").string()};
  CHECK(run_in_sandbox(plan, script).output == "0\nseen");
}

TEST_CASE("bubblewrap: mounts are read-only, writable and noexec as the plan says",
          "[bubblewrap][integration]") {
  const TempDir folder;
  std::filesystem::create_directory(folder / "ro");
  std::filesystem::create_directory(folder / "rw");
  std::filesystem::copy("/bin/true", folder / "rw/program");
  contract::Plan plan = strict_plan();
  plan.mounts["/workspace/ro"] = bind_mount((folder / "ro").string(), true);
  plan.mounts["/workspace/rw"] = bind_mount((folder / "rw").string(), false);
  const std::string script =
      "cd /workspace; touch ro/x 2>&1; touch rw/x && echo wrote; rw/program && echo ran;"
      "cp rw/program /tmp && /tmp/program && echo ran here";
  CHECK(run_in_sandbox(plan, script).output ==
        "touch: cannot touch 'ro/x': Read-only file system\nwrote\nran\nran here\n");
  plan.mounts["/workspace/rw"].executable = false;
  plan.mounts["/tmp"].executable = false;
  CHECK(contains(run_in_sandbox(plan, script).output,
                 "wrote\n/bin/sh: 1: rw/program: Permission denied\n/bin/sh: 1: /tmp/program: "
                 "Permission denied"));
}

TEST_CASE("bubblewrap: tmpfs sizes hold", "[bubblewrap][integration]") {
  CHECK(contains(run_in_sandbox(strict_plan(), "head -c 9000000 /dev/zero >/home/sandbox/x").output,
                 "No space left on device"));
  CHECK(run_in_sandbox(strict_plan(), "head -c 7000000 /dev/zero >/home/sandbox/x").output.empty());
}

TEST_CASE("bubblewrap: mountinfo is what prepare announced", "[bubblewrap][integration]") {
  Box box(strict_plan());
  REQUIRE(box.create().has_value());
  std::vector<std::string> announced = {"/.paddock/gate"};  // the host knows it by its file
  for (const contract::EngineMount& mount : box.prepared.engine_mounts) {
    announced.push_back(mount.target);
  }
  for (const auto& [target, mount] : box.plan.mounts) {
    announced.push_back(target);
  }
  for (const auto* list : {&box.plan.security.masked_paths, &box.plan.security.read_only_paths}) {
    for (const std::string& path : *list) {
      if (std::filesystem::exists(path)) {
        announced.push_back(path);
      }
    }
  }
  std::vector<std::string> seen;
  std::istringstream lines(read_proc(box.sandbox.pid, "mountinfo"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string field;
    for (int i = 0; i < 5; ++i) {
      fields >> field;
    }
    seen.push_back(field);
  }
  std::sort(announced.begin(), announced.end());
  std::sort(seen.begin(), seen.end());
  CHECK(seen == announced);
}

TEST_CASE("bubblewrap: mounts are private also where the host's are shared",
          "[bubblewrap][integration]") {
  if (::geteuid() != 0) {
    PADDOCK_SKIP("sharing mounts needs root");
  }
  const std::string seen = in_child([] {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_SHARED, nullptr) != 0) {
      return std::string("cannot share mounts");
    }
    Box box(strict_plan());
    return box.create() ? read_proc(box.sandbox.pid, "mountinfo") : "no sandbox";
  });
  CHECK(contains(seen, "/tmp"));
  CHECK(!contains(seen, "master:"));
  CHECK(!contains(seen, "shared:"));
}

TEST_CASE("bubblewrap: several sandboxes run at once", "[bubblewrap][integration]") {
  std::vector<std::unique_ptr<Box>> boxes;
  for (int i = 0; i < 6; ++i) {
    boxes.push_back(std::make_unique<Box>(strict_plan()));
    REQUIRE(boxes.back()->create().has_value());
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const std::string number = std::to_string(i);
    CHECK(boxes[i]->run("echo " + number + " >/tmp/x; ls /tmp; cat /tmp/x").output ==
          "x\n" + number + "\n");
  }
}

TEST_CASE("bubblewrap: the network is a loopback of its own", "[bubblewrap][integration]") {
  CHECK(run_in_sandbox(strict_plan(),
                       "ls /proc/self/net/ >/dev/null; tail -n +3 /proc/net/dev | "
                       "cut -d: -f1 | tr -d ' '")
            .output == "lo\n");
}
