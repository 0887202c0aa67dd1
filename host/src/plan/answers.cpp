// Step 9, gate 2: the backend's word on every leaf of the plan.
#include <set>

#include "plan/builder.hpp"
#include "plan/explain.hpp"
#include "plan/required.hpp"

namespace paddock::plan {
namespace {

Error not_enforced(const Draft& draft,
                   const std::string& backend,
                   const contract::Leaf& leaf,
                   const std::string& why) {
  Error error =
      fail(ErrorCode::kUnenforced, "backend '" + backend + "' does not enforce '" + leaf.pointer +
                                       "' = " + shown_value(leaf.pointer, leaf.value) + ": " + why)
          .value();
  const auto origins = draft.origins.find(leaf.pointer);
  if (origins != draft.origins.end() && origins->second.front().where.line != 0) {
    error.where = origins->second.front().where;
  }
  error.context.push_back(std::string(leaf.rule->meaning));
  return error;
}

/// Silence and an answer without a mechanism are a no, too.
contract::Answer judged(contract::Answer answer) {
  const bool refused = answer.status == contract::AnswerStatus::kNotEnforced;
  if (refused && answer.why.empty()) {
    answer.why = "it gives no reason";
  } else if (!refused && answer.mechanism.empty()) {
    answer.status = contract::AnswerStatus::kNotEnforced;
    answer.why = "it does not say by what";
  }
  return answer;
}

Result<void> check_twice(const std::string& backend, const contract::PrepareReply& reply) {
  std::set<std::string_view> seen;
  for (const contract::Answer& answer : reply.answers) {
    if (!seen.insert(answer.path).second) {
      return fail(
          ErrorCode::kPluginMisbehaved,
          "plugin '" + backend + "' misbehaved: 'prepare' answers twice for '" + answer.path + "'");
    }
  }
  return {};
}

}  // namespace

Answers leaf_answers(const contract::Plan& plan, const contract::PrepareReply& reply) {
  Answers answers;
  for (const contract::Leaf& leaf : contract::leaves(plan)) {
    answers[leaf.pointer] = {leaf.pointer, contract::AnswerStatus::kNotEnforced, "",
                             "it gave no answer about it"};
  }
  for (const contract::Answer& answer : reply.answers) {
    if (const auto found = answers.find(answer.path); found != answers.end()) {
      found->second = judged(answer);
    }
  }
  return answers;
}

Result<void> check_answers(Draft& draft,
                           const std::string& backend,
                           const contract::PrepareReply& reply) {
  if (auto checked = check_twice(backend, reply); !checked) {
    return checked;
  }
  const Answers answers = leaf_answers(draft.plan, reply);
  std::vector<Error> problems;
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    const contract::Answer& answer = answers.at(leaf.pointer);
    if (answer.status == contract::AnswerStatus::kNotEnforced &&
        !let_go(draft, leaf_protection(leaf, draft.plan), answer.why)) {
      problems.push_back(not_enforced(draft, backend, leaf, answer.why));
    }
  }
  if (!problems.empty()) {
    return Failure(collect(std::move(problems)));
  }
  return {};
}

}  // namespace paddock::plan
