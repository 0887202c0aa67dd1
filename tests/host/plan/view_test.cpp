// `paddock plan` as people and programs see it.
#include "cli/plan_view.hpp"
#include "host/plan/sample.hpp"
#include "paddock/contract/json_value.hpp"
#include "support/catch.hpp"

using namespace paddock;

namespace {

plan::Planned sample() {
  plan::Planned planned;
  planned.draft = test::merged(
      test::draft_of("[process]\nenv = { TOKEN = \"hunter2\" }\n[resources]\npids = 100\n"),
      {test::wish("strict", "/resources/pids", "50", 7)});
  contract::ProbeReply probe;
  probe.available = true;
  probe.version = "1.2";
  probe.protections = {{"cgroup.pids", true, "by cgroup", "", ""},
                       {"user", false, "", "no user namespaces", "sysctl"}};
  const Error error = fail(ErrorCode::kUnsupported, "cannot").value();
  planned.rejected.push_back({"box", error, probe});
  planned.refusal = error;
  return planned;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("plan view: a setting has value, place, owner, rule and mechanism on one line",
          "[plan][cli]") {
  const std::string text = cli::plan_text(sample(), {"be careful"}, true);
  CHECK(has(text, "resources.pids\t50\tweb.toml:7:1\tstrict\tnarrow: less\tby cgroup\n"));
  CHECK(has(text, "  overrides\t100\tweb.toml:4:8\tprofile\t\t\n"));
  CHECK(has(text,
            "process.user.uid\t1000\tbuilt-in\tpaddock\texclusive\t"
            "CANNOT HOLD: no user namespaces\n"));
  CHECK(has(text, "mounts[/tmp]\ttmpfs rw\tbuilt-in\tpaddock\tkeyed\t"));
}

TEST_CASE("plan view: notices, backend and command stand below the tables", "[plan][cli]") {
  const std::string text = cli::plan_text(sample(), {"be careful"}, false);
  CHECK(has(text,
            "\nnotice: be careful\nbackend: box 1.2, which cannot run this plan\ncommand: make\n"
            "Nothing was changed.\n"));
}

TEST_CASE("plan view: each leaf has the backend's own answer", "[plan][cli]") {
  plan::Planned planned = sample();
  planned.refusal.reset();
  for (const contract::Leaf& leaf : contract::leaves(planned.draft.plan)) {
    planned.prepared.answers.push_back(
        {leaf.pointer, contract::AnswerStatus::kEnforced, "by " + leaf.pointer, ""});
  }
  auto& answers = planned.prepared.answers;
  REQUIRE(answers[1].path == "/process/command");
  answers[1] = {answers[1].path, contract::AnswerStatus::kDelegated, "gate", ""};
  REQUIRE(answers[2].path == "/process/cwd");
  answers[2] = {answers[2].path, contract::AnswerStatus::kNotEnforced, "", "no such thing"};
  const std::string text = cli::plan_text(planned, {}, true);
  CHECK(has(text, "exclusive\tdelegated to: gate\n"));
  CHECK(has(text, "exclusive\tCANNOT HOLD: no such thing\n"));
  CHECK(has(text, "narrow: less\tby /resources/pids\n"));
  CHECK(has(text, "narrow: subset\tby /resources/best_effort\n"));
  CHECK_FALSE(has(text, "\t-\n"));
  const auto document = contract::parse_json(cli::plan_json(planned, {}));
  REQUIRE(document);
  const auto& leaves = document->find("leaves")->items;
  CHECK(leaves.at(1).find("here")->find("status")->text == "delegated");
  CHECK(leaves.at(1).find("here")->find("mechanism")->text == "gate");
  CHECK(leaves.at(2).find("here")->find("status")->text == "unsupported");
  CHECK(leaves.at(2).find("here")->find("reason")->text == "no such thing");
}

TEST_CASE("plan view: widenings and hooks are shown", "[plan][cli]") {
  plan::Planned planned = sample();
  planned.draft.widenings = {"own.toml:3:8: 'resources.pids' = 100 loosens 64"};
  planned.draft.hooks = {{"note",
                          "after-stop",
                          "{\"level\":2}",
                          {"profile", {"web.toml", 9, 1, 1}, "web", "", "\"after-stop\""}}};
  CHECK(has(cli::plan_text(planned, {}, true),
            "hooks[note]\tafter-stop\tweb.toml:9:1\tprofile\t\t"
            "acts on this machine, outside the sandbox\n"));
  CHECK(has(cli::plan_text(planned, {}, false),
            "\nwidened: own.toml:3:8: 'resources.pids' = 100 loosens 64\n"));
  const auto document = contract::parse_json(cli::plan_json(planned, {}));
  REQUIRE(document);
  CHECK(document->find("widenings")->items.size() == 1);
  const auto& hook = document->find("hooks")->items.at(0);
  CHECK(hook.find("id")->text == "note");
  CHECK(hook.find("phase")->text == "after-stop");
  CHECK(hook.find("options")->find("level")->integer == 2);
}

TEST_CASE("plan view: the value of a variable is nowhere", "[plan][cli]") {
  const plan::Planned planned = sample();
  CHECK(has(cli::plan_text(planned, {}, true), "process.environment[TOKEN]\t(not shown)\t"));
  CHECK_FALSE(has(cli::plan_text(planned, {}, true), "hunter2"));
  CHECK_FALSE(has(cli::plan_json(planned, {}), "hunter2"));
}

TEST_CASE("plan view: the JSON is one object with its schema and every leaf", "[plan][cli]") {
  const plan::Planned planned = sample();
  const auto document = contract::parse_json(cli::plan_json(planned, {}));
  REQUIRE(document);
  CHECK(document->find("schema")->text == "paddock.plan/1");
  CHECK(document->find("leaves")->items.size() == contract::leaves(planned.draft.plan).size());
  CHECK(document->find("backend")->type == contract::JsonType::kNull);
  CHECK(document->find("rejected")->items.front().find("code")->text == "P0304");
}

TEST_CASE("plan view: a difference says gained, lost or changed, and counts them", "[plan][cli]") {
  const auto differences = plan::diff(test::draft_of("resources.pids = 10\n").plan,
                                      test::draft_of("network.mode = \"bridge\"\n"
                                                     "process.hostname = \"box\"\n"
                                                     "resources.memory = \"1MiB\"\n")
                                          .plan);
  CHECK(cli::diff_text("a", "b", differences, true) ==
        "~ changed\tprocess.hostname\tsandbox\tbox\thost name\n"
        "- lost\tresources.memory_bytes\t-\t1MiB\tmemory limit\n"
        "+ gained\tresources.pids\t10\t-\tlimit of processes and threads\n"
        "+ gained\tnetwork.mode\tnone\tbridge\tnetwork mode\n");
  CHECK(has(cli::diff_text("a", "b", differences, false),
            "\nfrom 'a' to 'b': 2 powers gained, 1 lost, 1 other change\n"));
  CHECK(cli::diff_text("a", "b", {}, false) == "the plans of 'a' and 'b' are the same\n");
  const auto document = contract::parse_json(cli::diff_json("a", "b", differences));
  REQUIRE(document);
  CHECK(document->find("schema")->text == "paddock.plan-diff/1");
  CHECK(document->find("differences")->items.at(2).find("power")->text == "gained");
}
