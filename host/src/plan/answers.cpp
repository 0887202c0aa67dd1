// Step 9, gate 2: the backend's word on every leaf of the plan.
#include <map>

#include "plan/builder.hpp"
#include "plan/explain.hpp"
#include "plan/required.hpp"

namespace paddock::plan {
namespace {

using ByPath = std::map<std::string, const contract::Answer*>;

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

/// Why the leaf counts as not enforced; empty: it is enforced or delegated, and by what is said.
std::string refusal(const ByPath& answers, const std::string& pointer) {
  const auto found = answers.find(pointer);
  if (found == answers.end()) {
    return "it gave no answer about it";
  }
  const contract::Answer& answer = *found->second;
  if (answer.status == contract::AnswerStatus::kNotEnforced) {
    return answer.why.empty() ? "it gives no reason" : answer.why;
  }
  return answer.mechanism.empty() ? "it does not say by what" : "";
}

Result<ByPath> index(const std::string& backend, const contract::PrepareReply& reply) {
  ByPath answers;
  for (const contract::Answer& answer : reply.answers) {
    if (!answers.emplace(answer.path, &answer).second) {
      return fail(
          ErrorCode::kPluginMisbehaved,
          "plugin '" + backend + "' misbehaved: 'prepare' answers twice for '" + answer.path + "'");
    }
  }
  return answers;
}

}  // namespace

Result<void> check_answers(Draft& draft,
                           const std::string& backend,
                           const contract::PrepareReply& reply) {
  auto answers = index(backend, reply);
  if (!answers) {
    return fail_as(answers);
  }
  std::vector<Error> problems;
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    const std::string why = refusal(*answers, leaf.pointer);
    if (!why.empty() && !let_go(draft, leaf_protection(leaf, draft.plan), why)) {
      problems.push_back(not_enforced(draft, backend, leaf, why));
    }
  }
  if (!problems.empty()) {
    return Failure(collect(std::move(problems)));
  }
  return {};
}

}  // namespace paddock::plan
