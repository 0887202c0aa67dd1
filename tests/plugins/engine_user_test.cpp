// Whose engine it is, and what an ordinary user's can limit: parts that need no engine.
#include "subordinate_ids.hpp"
#include "support/catch.hpp"
#include "support/engine/limits.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::engine;

namespace {

std::string refusal(uid_t self, std::optional<uid_t> owner) {
  const auto obstacle = owner_obstacle(self, owner, "/s");
  return obstacle ? obstacle->reason + "; " + obstacle->remedy : "";
}

contract::Resources small() {
  contract::Resources resources;
  resources.memory_bytes = 64 << 20;
  resources.cpus_milli = 500;
  resources.pids = 20;
  return resources;
}

constexpr uid_t kUser = 1001;

/// A machine with version 2 alone, whose systemd gave `controllers` to the user's manager.
support::Hierarchies version_2(const test::TempDir& dir, const std::string& controllers) {
  test::write_text(dir / "user.slice/user-1001.slice/user@1001.service/cgroup.controllers",
                   controllers);
  return {"1 0 0:1 / " + dir.path().string() + " rw - cgroup2 cgroup2 rw\n",
          "0::/user.slice/user-1001.slice/session-2.scope\n"};
}

}  // namespace

TEST_CASE("engine: whoever it belongs to can prove it, and nobody else", "[engine]") {
  CHECK(refusal(0, 0) == "");
  CHECK(refusal(1000, 1000) == "");
  CHECK(refusal(1000, 0) ==
        "the engine at '/s' is root's: only root can look into its containers, and so prove them; "
        "run paddock as root, or use rootless Podman or the backend 'bubblewrap'");
  CHECK(refusal(0, 1000) ==
        "the engine at '/s' is user 1000's: its containers would get that user's files, not yours; "
        "run paddock as that user, or name the socket of an engine of your own");
  CHECK(refusal(1000, std::nullopt) ==
        "the kernel does not say whose the engine at '/s' is; "
        "name the socket of an engine of your own");
}

TEST_CASE("engine: root's keeps every limit", "[engine]") {
  const support::Limits limits = plan_limits(small(), 0, {});
  CHECK(limits.mechanisms == std::map<std::string, std::string>{{"memory", "Memory, MemorySwap"},
                                                                {"cpu", "NanoCpus"},
                                                                {"pids", "PidsLimit"}});
  CHECK(limits.missing.empty());
  CHECK(of_engine(small(), limits).memory_bytes == small().memory_bytes);
  CHECK(of_engine(small(), limits).cpus_milli == small().cpus_milli);
  CHECK(of_engine(small(), limits).pids == small().pids);
}

TEST_CASE("engine: a user's keeps those whose controller the user was given", "[engine]") {
  const test::TempDir dir;
  const support::Limits limits = plan_limits(small(), kUser, version_2(dir, "cpuset memory\n"));
  CHECK(limits.mechanisms.at("memory") == "Memory, MemorySwap");
  CHECK(limits.data_bytes == 0);
  CHECK_FALSE(is_in_cgroup(limits, "pids"));
  CHECK_FALSE(is_in_cgroup(limits, "cpu"));
  CHECK(limits.missing.at("cpu") ==
        "an ordinary user's engine has no control group for it here, and no rlimit limits CPU "
        "shares");
  const contract::Resources asked = of_engine(small(), limits);
  CHECK(asked.memory_bytes == small().memory_bytes);
  CHECK_FALSE(asked.cpus_milli);
  CHECK_FALSE(asked.pids);
}

TEST_CASE("engine: version 1 of cgroups gives a user's none", "[engine]") {
  const support::Hierarchies version_1 = {"1 0 0:1 / /nonexistent rw - cgroup cgroup rw,memory\n",
                                          "1:memory:/\n"};
  const support::Limits limits = plan_limits(small(), kUser, version_1);
  CHECK(limits.mechanisms.at("memory") == "rlimit RLIMIT_DATA (each process)");
  CHECK(limits.data_bytes == 64 << 20);
}

TEST_CASE("podman: a range of subordinate ids is one's own by name or number", "[engine]") {
  using podman::gives_range;
  CHECK(gives_range("ann:100000:65536\nbob:165536:65536\n", "bob", 1001));
  CHECK(gives_range("1001:100000:65536", "bob", 1001));
  for (const char* file : {"", "bob", "bob:100000", "bob:100000:", "bob:100000:0\n", "bobby:1:1\n",
                           "ann:100000:65536\n", "10010:1:1\n", "#bob:1:1\n"}) {
    CAPTURE(file);
    CHECK_FALSE(gives_range(file, "bob", 1001));
  }
}
