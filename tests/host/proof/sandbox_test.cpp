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
#include <set>
#include <thread>

#include "base/text.hpp"
#include "host/proof/breakages.hpp"
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
