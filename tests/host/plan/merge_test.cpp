// Step 5, when it works: each merge rule, ownership, and what plugins may do to mounts.
#include "host/plan/sample.hpp"
#include "support/catch.hpp"

using namespace paddock;
using test::draft_of;
using test::merged;
using test::removal;
using test::wish;
using Texts = std::vector<std::string>;

TEST_CASE("merge: true wins", "[plan][merge]") {
  const plan::Draft draft = merged(draft_of(""), {wish("a", "/security/no_new_privs", "false"),
                                                  wish("b", "/security/no_new_privs", "true", 7)});
  CHECK(draft.plan.security.no_new_privs);
  const auto& origins = draft.origins.at("/security/no_new_privs");
  CHECK(origins.front().owner == "b");
  CHECK(origins.front().where.line == 7);
  CHECK(origins.front().reason == "because b");
  CHECK(origins.at(1).owner == "a");
  CHECK(origins.back().owner == "paddock");
  CHECK(std::count(draft.required.begin(), draft.required.end(), "no-new-privs") == 1);
}

TEST_CASE("merge: the smaller limit wins, and an absent one yields", "[plan][merge]") {
  const plan::Draft base = draft_of("resources.pids = 100\n");
  const plan::Draft draft = merged(
      base, {wish("a", "/resources/pids", "200"), wish("a", "/resources/memory_bytes", "1048576"),
             wish("b", "/security/rlimits/core", "0")});
  CHECK(draft.plan.resources.pids == 100u);
  CHECK(draft.plan.resources.memory_bytes == 1048576u);
  CHECK(draft.plan.security.rlimits.at("core") == 0);
  CHECK(draft.origins.at("/resources/pids").front().owner == "profile");
  CHECK(draft.origins.at("/resources/memory_bytes").front().owner == "a");
}

TEST_CASE("merge: kept capabilities intersect, and those who narrowed own the rest together",
          "[plan][merge]") {
  const plan::Draft draft =
      merged(draft_of(""), {wish("b", "/security/capabilities", R"(["CAP_KILL","CAP_CHOWN"])"),
                            wish("a", "/security/capabilities", R"(["CAP_KILL","CAP_FOWNER"])")});
  CHECK(draft.plan.security.capabilities == Texts{"CAP_KILL"});
  CHECK(draft.origins.at("/security/capabilities").front().owner == "a, b");
  CHECK(draft.origins.at("/security/capabilities").front().value == R"(["CAP_KILL"])");
}

TEST_CASE("merge: masked paths unite, sorted and once", "[plan][merge]") {
  const plan::Draft draft =
      merged(draft_of(""), {wish("b", "/security/masked_paths", R"(["/proc/kcore","/proc/acpi"])"),
                            wish("a", "/security/masked_paths", R"(["/proc/keys","/proc/acpi"])")});
  CHECK(draft.plan.security.masked_paths == Texts{"/proc/acpi", "/proc/kcore", "/proc/keys"});
}

TEST_CASE("merge: the stricter name of a lattice wins", "[plan][merge]") {
  const plan::Draft base = draft_of("network.mode = \"bridge\"\n");
  const plan::Draft draft = merged(
      base, {wish("a", "/network/mode", "\"isolated\""), wish("b", "/isolation", "\"user-kernel\""),
             wish("a", "/isolation", "\"shared-kernel\"")});
  CHECK(draft.plan.network.mode == contract::NetworkMode::kIsolated);
  CHECK(draft.plan.isolation == contract::Isolation::kUserKernel);
}

TEST_CASE("merge: umask bits add up", "[plan][merge]") {
  const plan::Draft draft = merged(draft_of(""), {wish("a", "/process/umask", "\"0007\""),
                                                  wish("b", "/process/umask", "\"0070\"")});
  CHECK(draft.plan.process.umask == "0077");
}

TEST_CASE("merge: equal wishes own an exclusive leaf together, and built-ins yield to them",
          "[plan][merge]") {
  const plan::Draft draft = merged(draft_of(""), {wish("b", "/process/hostname", "\"box\""),
                                                  wish("a", "/process/hostname", "\"box\"")});
  CHECK(draft.plan.process.hostname == "box");
  CHECK(draft.origins.at("/process/hostname").front().owner == "a, b");
}

TEST_CASE("merge: [resolve] settles an exclusive leaf for a plugin or for the profile",
          "[plan][merge]") {
  const plan::Draft base = draft_of("process.hostname = \"mine\"\n");
  const std::vector<plan::Wishes> wishes{wish("a", "/process/hostname", "\"one\""),
                                         wish("b", "/process/hostname", "\"two\"")};
  const auto host = [&](const std::string& winner) {
    return plan::merge(base, wishes, {{"/process/hostname", winner}})->plan.process.hostname;
  };
  CHECK(host("a") == "one");
  CHECK(host("b") == "two");
  CHECK(host("profile") == "mine");
}

TEST_CASE("merge: a plugin may set a variable, and remove one", "[plan][merge]") {
  const plan::Draft base = draft_of("process.env = { A = \"1\" }\n");
  const plan::Draft draft = merged(base, {wish("a", "/process/environment/NO_COLOR", "\"1\""),
                                          removal("b", "/process/environment/LANG")});
  CHECK(draft.plan.process.environment.at("NO_COLOR") == "1");
  CHECK(draft.plan.process.environment.count("LANG") == 0);
  CHECK(draft.origins.at("/process/environment/LANG").front().value == "removed");
}

TEST_CASE("merge: a plugin may restrict, shadow or remove a mount, and add a tmpfs",
          "[plan][merge]") {
  const plan::Draft base = draft_of(
      "[[mounts]]\ntarget = \"/data\"\nsource = \"/srv\"\nmode = \"rw\"\n"
      "[[mounts]]\ntarget = \"/more\"\nsource = \"/srv\"\n");
  const std::string tmpfs =
      R"({"type":"tmpfs","source":"","read_only":false,"executable":false,"size_bytes":65536,"purpose":"mount"})";
  const plan::Draft draft = merged(
      base,
      {wish(
           "a", "/mounts/~1data",
           R"({"type":"bind","source":"/srv","read_only":true,"executable":false,"size_bytes":0,"purpose":"mount"})"),
       removal("b", "/mounts/~1more"), wish("c", "/mounts/~1opt~1cache", tmpfs)});
  CHECK(draft.plan.mounts.at("/data").read_only);
  CHECK(draft.plan.mounts.count("/more") == 0);
  CHECK(draft.plan.mounts.at("/opt/cache").size_bytes == 65536);
}

TEST_CASE("merge: a lower disk limit is shared out again", "[plan][merge]") {
  const plan::Draft base = draft_of("resources.disk = \"64MiB\"\n");
  const plan::Draft draft = merged(base, {wish("a", "/resources/disk_bytes", "8388608")});
  std::uint64_t total = 0;
  for (const auto& [target, mount] : draft.plan.mounts) {
    total += mount.size_bytes;
  }
  CHECK(total == 8388608);
}

TEST_CASE("merge: a user id of a plugin yields to none but the profile", "[plan][merge]") {
  const plan::Draft draft = merged(draft_of(""), {wish("a", "/process/user/uid", "65534")});
  CHECK(draft.plan.process.user.uid == 65534);
  CHECK(draft.origins.at("/process/user/uid").front().owner == "a");
}
