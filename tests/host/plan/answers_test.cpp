// Gate 2: a missing answer is a no.
#include "host/plan/sample.hpp"
#include "support/catch.hpp"

using namespace paddock;
using test::draft_of;
using test::text_of;

namespace {

contract::PrepareReply all_enforced(const plan::Draft& draft) {
  contract::PrepareReply reply;
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    reply.answers.push_back({leaf.pointer, contract::AnswerStatus::kEnforced, "by something", ""});
  }
  return reply;
}

contract::Answer& answer(contract::PrepareReply& reply, const std::string& path) {
  return *std::find_if(reply.answers.begin(), reply.answers.end(),
                       [&](const contract::Answer& one) { return one.path == path; });
}

}  // namespace

TEST_CASE("answers: enforced or delegated is enough", "[plan]") {
  plan::Draft draft = draft_of("");
  contract::PrepareReply reply = all_enforced(draft);
  answer(reply, "/process/umask") = {"/process/umask", contract::AnswerStatus::kDelegated, "gate",
                                     ""};
  CHECK(text_of(plan::check_answers(draft, "box", reply)) == "ok");
}

TEST_CASE("answers: silence, a refusal and an empty mechanism are each a no", "[plan][error]") {
  plan::Draft draft = draft_of("[process]\nhostname = \"box\"\nenv = { TOKEN = \"hunter2\" }\n");
  contract::PrepareReply reply = all_enforced(draft);
  answer(reply, "/process/cwd").path = "/elsewhere";
  answer(reply, "/process/environment/TOKEN").mechanism.clear();
  answer(reply, "/process/hostname") = {"/process/hostname", contract::AnswerStatus::kNotEnforced,
                                        "", "no UTS namespace"};
  CHECK(
      text_of(plan::check_answers(draft, "box", reply)) ==
      "paddock: error[P0305]: backend 'box' does not enforce '/process/cwd' = \"/home/sandbox\": "
      "it gave no answer about it\n"
      "  working directory\n"
      "web.toml:3:17: error[P0305]: backend 'box' does not enforce '/process/environment/TOKEN' = "
      "\"(not shown)\": it does not say by what\n"
      "  environment variable\n"
      "web.toml:2:12: error[P0305]: backend 'box' does not enforce '/process/hostname' = \"box\": "
      "no UTS namespace\n"
      "  host name\n");
}

TEST_CASE("answers: a best-effort limit becomes a notice", "[plan]") {
  plan::Draft draft = draft_of("[resources]\ncpus = 1\nbest_effort = [\"cpus\"]\n");
  contract::PrepareReply reply = all_enforced(draft);
  answer(reply, "/resources/cpus_milli") = {"/resources/cpus_milli",
                                            contract::AnswerStatus::kNotEnforced, "", "no cgroup"};
  CHECK(text_of(plan::check_answers(draft, "box", reply)) == "ok");
  CHECK(draft.notices == std::vector<std::string>{"resources.cpus is not enforced: no cgroup"});
  CHECK(draft.unenforced.count("cgroup.cpu") == 1);
}

TEST_CASE("answers: two answers for one leaf break the contract", "[plan][error]") {
  plan::Draft draft = draft_of("");
  contract::PrepareReply reply = all_enforced(draft);
  reply.answers.push_back(reply.answers.front());
  CHECK(text_of(plan::check_answers(draft, "box", reply)) ==
        "paddock: error[P0206]: plugin 'box' misbehaved: 'prepare' answers twice for '" +
            reply.answers.front().path + "'\n");
}
