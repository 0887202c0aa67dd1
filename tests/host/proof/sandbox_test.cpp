// The proof against real sandboxes: a clean one passes, and whatever is left out of it is named.
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <set>
#include <thread>

#include "base/text.hpp"
#include "host/proof/bwrap_sandbox.hpp"
#include "os/proc.hpp"
#include "support/catch.hpp"
#include "support/pinned.hpp"

namespace paddock::test {
namespace {

using proof::Check;
using proof::Ledger;
using proof::Verdict;

std::set<std::string> failing(const Ledger& ledger) {
  std::set<std::string> names;
  for (const proof::Entry& entry : ledger.entries) {
    if (entry.verdict == Verdict::kFails) {
      names.insert(entry.protection);
    }
  }
  return names;
}

std::string report(const Ledger& ledger) {
  std::string text;
  for (const proof::Entry& entry : ledger.entries) {
    for (const Check& check : entry.checks) {
      if (!check.holds) {
        text += entry.protection + ": " + check.what + ": expected " + check.expected + ", seen " +
                check.seen + "\n";
      }
    }
  }
  return text;
}

Ledger prove(const Sample& sample, BwrapSandbox& sandbox) {
  auto ledger = proof::prove(sample.subject(sandbox.pid()), sandbox.channel(), {});
  INFO((ledger ? std::string() : ledger.error().what));
  REQUIRE(ledger);
  return std::move(*ledger);
}

/// Of a thread that went into the network namespace of `pid` for it, as an engine's resolver has
/// one.
class UdpSocket {
 public:
  explicit UdpSocket(pid_t pid) {
    std::thread([&] {
      const os::UniqueFd there(
          ::open(("/proc/" + std::to_string(pid) + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
      if (::setns(there.get(), CLONE_NEWNET) == 0) {
        fd_.reset(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      }
    }).join();
    const sockaddr_in any{AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
    REQUIRE(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0);
  }

 private:
  os::UniqueFd fd_;
};

/// One thing that is wrong: with bwrap's options, with what the gate is told, or with what the
/// backend says of it.
struct Breakage {
  const char* name;
  const char* protection;  ///< must fail
  std::function<void(BwrapOptions&, Sample&)> options;
  std::function<void(contract::Plan&)> gate = nullptr;  ///< what the gate is configured by
  bool as_root = false;                                 ///< only root can break it so
};

using Words = std::vector<std::string>;

auto dropped(const char* name) {
  return [name](BwrapOptions& options, Sample&) { options.drop(name); };
}
auto replaced(const char* name, Words words) {
  return [name, words](BwrapOptions& options, Sample&) { options.replace(name, words); };
}
auto added(Words words) {
  return [words](BwrapOptions& options, Sample&) { options.add(words); };
}
/// A bind that the backend names, truly and read-only.
auto engine_bind(const char* source) {
  return [source](BwrapOptions& options, Sample& sample) {
    sample.prepared.engine_mounts.push_back({"/shown", source, "", true});
    options.add({"--ro-bind-try", source, "/shown"});
  };
}
void nothing(BwrapOptions&, Sample&) {}

const std::vector<Breakage>& breakages() {
  static const std::vector<Breakage> kAll = {
      {"no network namespace", "network.none", dropped("net")},
      {"network namespace of the host", "namespaces", dropped("net")},
      {"no PID namespace", "namespaces", dropped("pid")},
      {"no IPC namespace", "namespaces", dropped("ipc")},
      {"no UTS namespace", "namespaces", dropped("hostname")},
      {"no cgroup namespace", "namespaces", dropped("cgroup")},
      {"user namespaces that can be made", "namespaces", dropped("nested")},
      {"another host name", "namespaces",
       replaced("hostname", {"--unshare-uts", "--hostname", "x"})},
      {"no user namespace", "namespaces",
       [](BwrapOptions& options, Sample&) {
         for (const char* name : {"user", "nested", "uid", "gid"}) {
           options.drop(name);
         }
       },
       nullptr, true},
      {"root inside", "user", replaced("uid", {"--uid", "0"})},
      {"another user", "user", replaced("uid", {"--uid", "1001"})},
      {"another group", "user", replaced("gid", {"--gid", "0"})},
      {"a kept capability", "capabilities",
       replaced("capabilities", {"--cap-drop", "ALL", "--cap-add", "CAP_NET_RAW"})},
      {"all capabilities kept", "capabilities", dropped("capabilities"), nullptr, true},
      {"a writable root", "rootfs.read-only", added({"--open-root"})},
      {"a writable system directory", "rootfs.read-only",
       added({"--size", "4096", "--tmpfs", "/etc"})},
      {"a writable bind of the system", "mounts.declared-only",
       replaced("/usr", {"--bind", "/usr", "/usr"})},
      {"a read-only bind that nobody declared", "mounts.declared-only",
       added({"--ro-bind", "/var", "/var"})},
      {"sysfs", "mounts.declared-only", added({"--ro-bind", "/sys", "/sys"})},
      {"the host's proc", "mounts.declared-only",
       replaced("proc", {"--ro-bind", "/proc", "/proc"})},
      {"a tmpfs that nobody declared", "mounts.declared-only",
       added({"--size", "4096", "--tmpfs", "/srv"})},
      {"a missing tmpfs", "mounts.declared-only", dropped("tmp")},
      {"a missing workspace", "mounts.declared-only", dropped("work")},
      {"another directory as the workspace", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("work", {"--bind", sample.path("other"), "/work"});
       }},
      {"a workspace that was swapped before it was mounted", "mounts.declared-only",
       [](BwrapOptions&, Sample& sample) {
         std::filesystem::rename(sample.path("work"), sample.path("moved"));
         std::filesystem::rename(sample.path("other"), sample.path("work"));
       }},
      {"a workspace that the plan does not pin", "mounts.declared-only",
       [](BwrapOptions&, Sample& sample) { sample.draft.plan.mounts["/work"].identity.reset(); }},
      {"a tmpfs as the workspace", "mounts.declared-only", replaced("work", {"--tmpfs", "/work"})},
      {"the host's directory in place of a tmpfs", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("tmp", {"--bind", sample.path("other"), "/tmp"});
       }},
      {"device nodes that open on a mount", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("docs", {"--dev-bind", sample.path("docs"), "/docs"});
       }},
      {"programs that run from a noexec mount", "mounts.declared-only",
       [](BwrapOptions&, Sample& sample) { sample.draft.plan.mounts["/tmp"].executable = false; }},
      {"a writable read-only mount", "mounts.read-only",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("docs", {"--bind", sample.path("docs"), "/docs"});
       }},
      {"a read-only workspace", "mounts.writable",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("work", {"--ro-bind", sample.path("work"), "/work"});
       }},
      {"a tmpfs without a limit", "disk.limited", replaced("tmp", {"--tmpfs", "/tmp"})},
      {"a tmpfs with a higher limit", "disk.limited",
       replaced("tmp", {"--size", "33554432", "--tmpfs", "/tmp"})},
      {"writable space beside the declared", "disk.limited", dropped("dev-ro")},
      {"a kernel file that shows", "kernel-paths.masked", dropped("mask-file")},
      {"a kernel directory that shows", "kernel-paths.masked", dropped("mask-directory")},
      {"a kernel path that can be written", "kernel-paths.read-only",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.security.read_only_paths.push_back("/proc/fs");
         sample.draft.required.push_back("kernel-paths.read-only");
       }},
      {"a hidden directory that shows", "host-paths.hidden",
       [](BwrapOptions& options, Sample& sample) {
         options.add({"--ro-bind", sample.path("secret"), sample.path("secret")});
       }},
      {"a parent of a hidden directory", "host-paths.hidden",
       [](BwrapOptions& options, Sample& sample) {
         options.add({"--ro-bind", sample.dir.path().string(), sample.dir.path().string()});
       }},
      {"a hidden directory that shows in the workspace", "host-paths.hidden", dropped("private")},
      {"a hidden directory that shows through another mount", "host-paths.hidden",
       [](BwrapOptions& options, Sample& sample) {
         sample.draft.plan.mounts["/mnt"] = sample.draft.plan.mounts["/docs"];
         sample.draft.plan.mounts["/mnt"].source = sample.dir.path().string();
         options.add({"--ro-bind", sample.dir.path().string(), "/mnt"});
       }},
      {"the host's devices", "devices.minimal", replaced("dev", {"--dev-bind", "/dev", "/dev"})},
      {"one device more", "devices.minimal",
       replaced("dev", {"--dev", "/dev", "--dev-bind", "/dev/kmsg", "/dev/kmsg"})},
      {"the wrong umask", "process.umask", nothing,
       [](contract::Plan& plan) { plan.process.umask = "0022"; }},
      {"a missing limit", "process.limits", nothing,
       [](contract::Plan& plan) { plan.security.rlimits.erase("nofile"); }},
      {"a higher limit", "process.limits", nothing,
       [](contract::Plan& plan) { plan.security.rlimits["nofile"] = 257; }},
      {"a terminal that is not there", "process.session",
       [](BwrapOptions&, Sample& sample) { sample.draft.plan.process.terminal = true; },
       [](contract::Plan& plan) { plan.process.terminal = false; }},
      {"a backend that declares somebody's files", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/home", "/home", "", false});
         options.add({"--bind", "/home", "/home"});
       }},
      {"a backend that declares them read-only", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/root", "/root", "", true});
         options.add({"--ro-bind", "/root", "/root"});
       }},
      {"a backend that climbs out of a system path", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/x", "/usr/../home", "", true});
         options.add({"--ro-bind", "/home", "/x"});
       }},
      {"a backend that shows all of /etc", "mounts.declared-only", engine_bind("/etc")},
      {"a backend that shows password hashes", "mounts.declared-only", engine_bind("/etc/shadow")},
      {"a backend that shows keys of the host", "mounts.declared-only",
       engine_bind("/etc/ssl/private")},
      {"a backend that takes any name for Java's settings", "mounts.declared-only",
       engine_bind("/etc/java-17")},
      {"a backend that shows /opt", "mounts.declared-only", engine_bind("/opt")},
      {"a backend that says read-only and mounts writable", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/x", "/usr/share", "", true});
         options.add({"--bind", "/usr/share", "/x"});
       }},
      {"a backend that says one directory and mounts another", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/x", "/usr/share", "", true});
         options.add({"--ro-bind", sample.path("other"), "/x"});
       }},
      {"a backend that calls the host's tmpfs its own", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/shm", "", "tmpfs", true});
         options.add({"--ro-bind", "/dev", "/shm"});
       }},
      {"no limit of memory at all", "cgroup.memory",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.resources.memory_bytes = 64 << 20;
         sample.draft.required.push_back("cgroup.memory");
       }},
      {"an rlimit of memory that was not set", "cgroup.memory",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.resources.memory_bytes = 64 << 20;
         sample.draft.required.push_back("cgroup.memory");
         sample.prepared.answers.push_back({"/resources/memory_bytes",
                                            contract::AnswerStatus::kEnforced, "rlimit RLIMIT_DATA",
                                            ""});
       }},
      {"a cgroup that does not exist", "cgroup.pids",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.resources.pids = 50;
         sample.draft.required.push_back("cgroup.pids");
         sample.sandbox.cgroups["pids"] = "/sys/fs/cgroup/no-such-group";
       }},
      {"a working directory that is not there", "process.cwd",
       [](BwrapOptions&, Sample& sample) { sample.draft.plan.process.cwd = "/no/such"; }},
      {"other programs than the host's", "rootfs.host",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("/usr", {"--ro-bind", sample.path("other"), "/usr"});
       }},
      {"a backend that isolates less than asked for", "isolation",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.isolation = contract::Isolation::kVm;
       }},
      {"a protection that nobody can check", "org.example.thing",
       [](BwrapOptions&, Sample& sample) { sample.draft.required.push_back("org.example.thing"); }},
  };
  return kAll;
}

}  // namespace

TEST_CASE("proof: a clean sandbox passes, with checks of every kind for what it asks") {
  Sample sample;
  BwrapSandbox sandbox{BwrapOptions(sample)};
  REQUIRE(sandbox.channel().configure(sample.draft.plan));
  const Ledger ledger = prove(sample, sandbox);
  CHECK(report(ledger) == "");
  CHECK(ledger.holds());
  CHECK(proof::require(ledger, sample.draft, "the hint"));
  std::size_t trials = 0;
  for (const proof::Entry& entry : ledger.entries) {
    INFO(entry.protection);
    CHECK_FALSE(entry.checks.empty());
    const bool word = entry.protection == "process.start";
    CHECK(entry.evidence == (word ? contract::Evidence::kReported : contract::Evidence::kObserved));
    trials +=
        static_cast<std::size_t>(std::count_if(entry.checks.begin(), entry.checks.end(),
                                               [](const Check& c) { return c.kind != "kernel"; }));
  }
  CHECK(trials >= 30);
}

TEST_CASE("proof: whatever is broken in a sandbox is named by its protection") {
  for (const Breakage& breakage : breakages()) {
    if (breakage.as_root && ::geteuid() != 0) {
      continue;
    }
    INFO(breakage.name);
    Sample sample;
    BwrapOptions options(sample);
    breakage.options(options, sample);
    BwrapSandbox sandbox(options);
    contract::Plan told = sample.draft.plan;
    if (breakage.gate) {
      breakage.gate(told);
    }
    REQUIRE(sandbox.channel().configure(told));
    const Ledger ledger = prove(sample, sandbox);
    INFO(report(ledger));
    CHECK(failing(ledger).contains(breakage.protection));
    CHECK_FALSE(proof::require(ledger, sample.draft, "the hint"));
  }
}

TEST_CASE("proof: a standard stream that leads out of the sandbox is named") {
  const auto failing_with = [](int stdin_fd) {
    Sample sample;
    BwrapSandbox sandbox(BwrapOptions(sample), stdin_fd);
    REQUIRE(sandbox.channel().configure(sample.draft.plan));
    return failing(prove(sample, sandbox));
  };
  const os::UniqueFd directory(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const os::UniqueFd path(::open("/etc/hostname", O_PATH | O_CLOEXEC));
  const os::UniqueFd file(::open("/etc/hostname", O_RDONLY | O_CLOEXEC));
  CHECK(failing_with(directory.get()) == std::set<std::string>{"descriptors.closed"});
  CHECK(failing_with(path.get()).contains("descriptors.closed"));
  CHECK(failing_with(file.get()).empty());
  const os::UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE(::grantpt(master.get()) == 0);
  REQUIRE(::unlockpt(master.get()) == 0);
  const os::UniqueFd foreign(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  CHECK(failing_with(foreign.get()) == std::set<std::string>{"process.session"});
}

TEST_CASE("proof: a network that leads nowhere has no socket of anybody else's") {
  if (::geteuid() != 0) {
    return;  // nobody else may put one there
  }
  Sample sample;
  sample.require_only({"network.isolated", "egress.none"});
  BwrapSandbox sandbox{BwrapOptions(sample)};
  REQUIRE(sandbox.channel().configure(sample.draft.plan));
  const Ledger before = prove(sample, sandbox);
  INFO(report(before));
  CHECK(failing(before).empty());
  const UdpSocket resolver(sandbox.pid());
  const Ledger after = prove(sample, sandbox);
  CHECK(failing(after) == std::set<std::string>{"egress.none"});
  CHECK(report(after) ==
        "egress.none: sockets that somebody outside has there: expected none, seen 1 of udp\n");
}

TEST_CASE("proof: a read-only file is one by its mount, not by its mode") {
  for (const bool read_only : {true, false}) {
    CAPTURE(read_only);
    Sample sample;
    const std::string file = sample.path("docs") + "/file";
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    sample.draft.plan.mounts["/file"] = sample.draft.plan.mounts["/docs"];
    sample.draft.plan.mounts["/file"].source = file;
    sample.draft.plan.mounts["/file"].identity = identity_at(file);
    BwrapOptions options(sample);
    options.add({read_only ? "--ro-bind" : "--bind", file, "/file"});
    BwrapSandbox sandbox(options);
    REQUIRE(sandbox.channel().configure(sample.draft.plan));
    const std::string text = report(prove(sample, sandbox));
    const std::string tried = "mounts.read-only: change the time of '/file': expected EROFS, seen ";
    CHECK(text.empty() == read_only);
    CHECK((text.find(tried) != std::string::npos) == !read_only);
  }
}

TEST_CASE("proof: outside a sandbox nearly everything fails") {
  Sample sample;
  GateProcess gate;
  greet(gate);
  const auto ledger = proof::prove(sample.subject(gate.pid()), gate.channel(), {});
  REQUIRE(ledger);
  const std::set<std::string> names = failing(*ledger);
  for (const char* protection :
       {"devices.minimal", "disk.limited", "host-paths.hidden", "kernel-paths.masked",
        "mounts.declared-only", "mounts.read-only", "mounts.writable", "namespaces", "network.none",
        "no-new-privs", "process.limits", "process.session", "process.umask", "rootfs.read-only",
        "user"}) {
    INFO(protection);
    CHECK(names.contains(protection));
  }
}

TEST_CASE("proof: a process that is not the gate is refused") {
  Sample sample;
  GateProcess gate;
  greet(gate);
  const auto ledger = proof::prove(sample.subject(::getpid()), gate.channel(), {});
  REQUIRE_FALSE(ledger);
  CHECK(ledger.error().code == ErrorCode::kGate);
  CHECK(ledger.error().what == "process " + std::to_string(::getpid()) + " is not the gate");
}

TEST_CASE("proof: a gate that does not hold the channel is not the one that answered") {
  Sample sample;
  sample.require_only({"descriptors.closed"});
  GateProcess one, two;
  greet(one);
  greet(two);
  const auto ledger = proof::prove(sample.subject(one.pid()), two.channel(), {});
  REQUIRE(ledger);
  CHECK(failing(*ledger).contains("descriptors.closed"));
}

TEST_CASE("proof: how long it takes", "[.timing]") {
  Sample sample;
  BwrapSandbox sandbox{BwrapOptions(sample)};
  REQUIRE(sandbox.channel().configure(sample.draft.plan));
  std::vector<double> times;
  for (int round = 0; round < 51; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const auto ledger = proof::prove(sample.subject(sandbox.pid()), sandbox.channel(), {});
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
    REQUIRE(ledger);
  }
  std::sort(times.begin(), times.end());
  WARN("prove: median " << times[25] << " ms, least " << times.front() << " ms");
}

}  // namespace paddock::test
