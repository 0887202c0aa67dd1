// The ledger and the error that it becomes.
#include "host/proof/sample.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

using contract::Evidence;
using proof::Check;
using proof::Entry;
using proof::Ledger;
using proof::Verdict;

Check check(const char* protection, const char* subject, bool holds) {
  return {protection,         subject, "kernel", "umask", "0027", holds ? "0027" : "0022", holds,
          Evidence::kObserved};
}

const Entry& entry(const Ledger& ledger, const std::string& protection) {
  for (const Entry& it : ledger.entries) {
    if (it.protection == protection) {
      return it;
    }
  }
  FAIL("no entry for " + protection);
  return ledger.entries.front();
}

}  // namespace

TEST_CASE("ledger: a required protection without a single check fails") {
  Sample sample;
  sample.require_only({"process.umask", "user"});
  const Ledger ledger =
      proof::assemble(sample.subject(1), {check("user", "/process/user/uid", true)}, {});
  CHECK(entry(ledger, "user").verdict == Verdict::kHolds);
  CHECK(entry(ledger, "process.umask").verdict == Verdict::kFails);
  CHECK_FALSE(ledger.holds());
}

TEST_CASE("ledger: one failing check is enough, and entries are sorted") {
  Sample sample;
  sample.require_only({"user", "process.umask"});
  const Ledger ledger = proof::assemble(
      sample.subject(1),
      {check("user", "", true), check("user", "", false), check("process.umask", "", true)}, {});
  REQUIRE(ledger.entries.size() == 2);
  CHECK(ledger.entries[0].protection == "process.umask");
  CHECK(ledger.entries[1].protection == "user");
  CHECK(ledger.entries[1].verdict == Verdict::kFails);
}

TEST_CASE("ledger: the mechanism is the backend's word on the leaves that ask") {
  Sample sample;
  sample.require_only({"process.umask", "user"});
  sample.prepared.answers = {
      {"/process/umask", contract::AnswerStatus::kDelegated, "gate", ""},
      {"/process/user/uid", contract::AnswerStatus::kEnforced, "uid_map", ""},
      {"/process/user/gid", contract::AnswerStatus::kEnforced, "gid_map", ""}};
  const Ledger ledger = proof::assemble(sample.subject(1), {}, {});
  CHECK(entry(ledger, "process.umask").mechanism == "gate");
  CHECK(entry(ledger, "user").mechanism == "uid_map; gid_map");
  CHECK(entry(ledger, "user").leaves ==
        std::vector<std::string>{"/process/user/uid", "/process/user/gid"});
}

TEST_CASE("ledger: a plugin's word is a report at most, and its no is a no") {
  Sample sample;
  sample.require_only({"org.example.one", "org.example.two"});
  const Ledger ledger =
      proof::assemble(sample.subject(1), {},
                      {{{{"org.example.one", true, Evidence::kObserved, "rule 1"},
                         {"org.example.two", false, Evidence::kReported, "no rule"}}}});
  CHECK(entry(ledger, "org.example.one").verdict == Verdict::kHolds);
  CHECK(entry(ledger, "org.example.one").evidence == Evidence::kReported);
  CHECK(entry(ledger, "org.example.two").verdict == Verdict::kFails);
  CHECK(entry(ledger, "org.example.one").is_plugins_word());
  CHECK_FALSE(entry(ledger, "org.example.one").is_proved());
}

TEST_CASE("ledger: what a plugin says of a protection that nobody asked for proves nothing") {
  Sample sample;
  sample.require_only({"user"});
  const std::vector<proof::Check> checks = {check("user", "", true)};
  const auto with = [&](bool holds) {
    return proof::assemble(sample.subject(1), checks,
                           {{{{"org.example.magic", holds, Evidence::kObserved, "trust me"},
                              {"user", true, Evidence::kReported, "1000"}}}});
  };
  const Ledger ledger = with(true);
  REQUIRE(ledger.entries.size() == 1);
  CHECK(ledger.entries.front().checks.size() == 2);
  CHECK(ledger.entries.front().is_proved());
  CHECK(ledger.holds());
  CHECK_FALSE(with(false).holds());
}

TEST_CASE("ledger: what nobody looked at is assumed, and does not fail") {
  Sample sample;
  sample.require_only({"process.umask", "user"});
  Check unseen = check("process.umask", "/process/umask", true);
  unseen.evidence = Evidence::kAssumed;
  const Ledger ledger = proof::assemble(sample.subject(1), {unseen, check("user", "", true)}, {});
  CHECK(entry(ledger, "process.umask").verdict == Verdict::kAssumed);
  CHECK(entry(ledger, "process.umask").evidence == Evidence::kAssumed);
  CHECK(entry(ledger, "user").verdict == Verdict::kHolds);
  CHECK(ledger.holds());
  unseen.holds = false;
  CHECK_FALSE(proof::assemble(sample.subject(1), {unseen}, {}).holds());
}

TEST_CASE("ledger: a best-effort limit that nothing enforces is listed, and does not fail") {
  Sample sample;
  sample.require_only({});
  sample.draft.unenforced["cgroup.cpu"] = "no cgroup can be made by this user here";
  const Ledger ledger = proof::assemble(sample.subject(1), {}, {});
  REQUIRE(ledger.entries.size() == 1);
  CHECK(ledger.entries[0].verdict == Verdict::kNotEnforced);
  CHECK(ledger.entries[0].mechanism == "no cgroup can be made by this user here");
  CHECK(ledger.holds());
}

TEST_CASE("ledger: the error has one line per failing check, with who asked for it") {
  Sample sample;
  sample.require_only({"namespaces", "org.example.thing", "process.umask", "user"});
  sample.draft.origins["/process/umask"] = {
      {"profile", {"web.toml", 3, 1, 5}, "web", "", "\"0027\""}};
  sample.draft.origins["/process/user/uid"] = {{"baseline", {}, "", "", "1000"}};
  sample.draft.demands["org.example.thing"] = {"strict", {"web.toml", 9, 2, 5}, "", "", ""};
  const Ledger ledger =
      proof::assemble(sample.subject(1),
                      {check("process.umask", "/process/umask", false),
                       check("user", "/process/user/uid", false), check("namespaces", "", false)},
                      {});
  const auto result = proof::require(ledger, sample.draft, "the hint");
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::kUnproved);
  CHECK(result.error().what ==
        "4 protections do not hold in the sandbox: namespaces, org.example.thing, process.umask, "
        "user");
  CHECK(result.error().context ==
        std::vector<std::string>{
            "namespaces: umask: expected 0027, seen 0022 (every sandbox has this)",
            "org.example.thing: nothing can check it here (asked for by web.toml:9:2)",
            "process.umask: umask: expected 0027, seen 0022 (asked for by web.toml:3:1)",
            "user: umask: expected 0027, seen 0022 (asked for by baseline)"});
  CHECK(result.error().hints == std::vector<std::string>{"the hint"});
}

TEST_CASE("ledger: the error of one protection names it") {
  Sample sample;
  sample.require_only({"user"});
  const Ledger ledger = proof::assemble(sample.subject(1), {check("user", "", false)}, {});
  CHECK(proof::require(ledger, sample.draft, "the hint").error().what ==
        "a protection does not hold in the sandbox: user");
}

}  // namespace paddock::test
