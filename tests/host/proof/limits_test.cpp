// Limits of memory and processes: real cgroups where this user may make one, rlimits.
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "host/gate/gate_process.hpp"
#include "host/proof/sample.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

namespace fs = std::filesystem;

/// A version 1 cgroup of this test, or nothing where none can be made.
class Cgroup {
 public:
  explicit Cgroup(const char* controller)
      : path_("/sys/fs/cgroup/" + std::string(controller) + "/paddock-test-" +
              std::to_string(::getpid())) {
    std::error_code error;
    made_ = fs::exists(path_.parent_path() / "cgroup.procs") && fs::create_directory(path_, error);
  }
  ~Cgroup() { ::rmdir(path_.c_str()); }
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;

  explicit operator bool() const { return made_; }
  std::string path() const { return path_.string(); }
  void write(const char* file, const std::string& text) { std::ofstream(path_ / file) << text; }

 private:
  fs::path path_;
  bool made_ = false;
};

/// The checks of the only protection, one line each: "what: seen", with a '!' for what fails.
std::string checked(const Sample& sample, pid_t pid) {
  std::string text;
  for (const proof::Check& check : proof::check_kernel(sample.subject(pid))) {
    text += std::string(check.holds ? "" : "!") + check.what + ": " + check.seen + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("proof of limits: a cgroup counts with its limit, and with the process in it") {
  Cgroup group("pids");
  if (!group) {
    PADDOCK_SKIP("no cgroup of version 1 can be made here");
  }
  GateProcess gate;
  greet(gate);
  Sample sample;
  sample.require_only({"cgroup.pids"});
  sample.draft.plan.resources.pids = 50;
  sample.sandbox.cgroups["pids"] = group.path();
  const std::string limit = "limit of cgroup '" + group.path() + "': ";
  CHECK(checked(sample, gate.pid()) ==
        "!" + limit + "unlimited\n!membership in that cgroup: not a member\n");
  group.write("pids.max", "51");
  group.write("cgroup.procs", std::to_string(gate.pid()));
  CHECK(checked(sample, gate.pid()) == "!" + limit + "51\nmembership in that cgroup: a member\n");
  group.write("pids.max", "50");
  CHECK(checked(sample, gate.pid()) == limit + "50\nmembership in that cgroup: a member\n");
  gate.kill();
}

TEST_CASE("proof of limits: a directory with a cgroup's files is none") {
  GateProcess gate;
  greet(gate);
  Sample sample;
  sample.require_only({"cgroup.pids"});
  sample.draft.plan.resources.pids = 50;
  write_text(sample.dir / "group/pids.max", "50\n");
  write_text(sample.dir / "group/cgroup.procs", std::to_string(gate.pid()) + "\n");
  for (const char* controller : {"pids", ""}) {
    sample.sandbox.cgroups = {{controller, sample.path("group")}};
    CHECK(checked(sample, gate.pid()) == "!'" + sample.path("group") + "': none\n");
  }
}

TEST_CASE("proof of limits: another group's directory does not count") {
  Cgroup own("pids");
  Cgroup memory("memory");
  if (!own || !memory) {
    PADDOCK_SKIP("no cgroup of version 1 can be made here");
  }
  GateProcess gate;
  greet(gate);
  Sample sample;
  sample.require_only({"cgroup.pids"});
  sample.draft.plan.resources.pids = 50;
  // Of the same name, and with the process in it, but in another hierarchy.
  memory.write("cgroup.procs", std::to_string(gate.pid()));
  sample.sandbox.cgroups["pids"] = own.path();
  own.write("pids.max", "50");
  CHECK(checked(sample, gate.pid()) ==
        "limit of cgroup '" + own.path() + "': 50\n!membership in that cgroup: not a member\n");
  gate.kill();
}

TEST_CASE("proof of limits: CPU time is quota by period, memory is bytes") {
  Cgroup cpu("cpu");
  Cgroup memory("memory");
  if (!cpu || !memory) {
    PADDOCK_SKIP("no cgroup of version 1 can be made here");
  }
  GateProcess gate;
  greet(gate);
  Sample sample;
  sample.require_only({"cgroup.cpu", "cgroup.memory"});
  sample.draft.plan.resources.cpus_milli = 500;
  sample.draft.plan.resources.memory_bytes = 64 << 20;
  sample.sandbox.cgroups = {{"cpu", cpu.path()}, {"memory", memory.path()}};
  for (Cgroup* group : {&cpu, &memory}) {
    group->write("cgroup.procs", std::to_string(gate.pid()));
  }
  cpu.write("cpu.cfs_period_us", "50000");
  cpu.write("cpu.cfs_quota_us", "25000");
  memory.write("memory.limit_in_bytes", std::to_string(64 << 20));
  const std::string member = "membership in that cgroup: a member\n";
  CHECK(checked(sample, gate.pid()) == "limit of cgroup '" + memory.path() + "': 67108864\n" +
                                           member + "limit of cgroup '" + cpu.path() + "': 500\n" +
                                           member);
  cpu.write("cpu.cfs_quota_us", "30000");
  CHECK(checked(sample, gate.pid()).find("!limit of cgroup '" + cpu.path() + "': 600") !=
        std::string::npos);
  gate.kill();
}

TEST_CASE("proof of limits: an rlimit counts where the backend says that it is one") {
  GateProcess gate;
  greet(gate);
  Sample sample;
  sample.require_only({"cgroup.memory"});
  sample.draft.plan.resources.memory_bytes = 64 << 20;
  CHECK(checked(sample, gate.pid()) == "!cgroup of the sandbox: none\n");
  sample.prepared.answers = {{"/resources/memory_bytes", contract::AnswerStatus::kEnforced,
                              "rlimit RLIMIT_DATA (each process)", ""}};
  CHECK(checked(sample, gate.pid()) == "!rlimit: unlimited\n");
  const rlimit limit = {64 << 20, 64 << 20};
  REQUIRE(::prlimit(gate.pid(), RLIMIT_DATA, &limit, nullptr) == 0);
  CHECK(checked(sample, gate.pid()) == "rlimit: 67108864\n");
}

TEST_CASE("proof of limits: RLIMIT_NPROC is nothing to root") {
  GateProcess gate;
  greet(gate);
  Sample sample;
  sample.require_only({"cgroup.pids"});
  sample.draft.plan.resources.pids = 50;
  sample.prepared.answers = {{"/resources/pids", contract::AnswerStatus::kEnforced,
                              "rlimit RLIMIT_NPROC (of the user)", ""}};
  const rlimit limit = {50, 50};
  REQUIRE(::prlimit(gate.pid(), RLIMIT_NPROC, &limit, nullptr) == 0);
  CHECK(checked(sample, gate.pid()) ==
        (::geteuid() == 0
             ? "rlimit: 50\n!user that the rlimit counts: root, whose processes are not counted\n"
             : "rlimit: 50\n"));
}

TEST_CASE("proof of limits: a limit that is demanded and that no plan sets does not hold") {
  GateProcess gate;
  greet(gate);
  Sample sample;
  sample.require_only({"cgroup.memory"});
  CHECK(checked(sample, gate.pid()) == "!limit in the plan: none\n");
}

}  // namespace paddock::test
