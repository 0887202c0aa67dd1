#include <stdexcept>

#include "paddock/sdk/backend.hpp"

namespace paddock::sdk {

using contract::Answer;
using contract::AnswerStatus;

Answers::Answers(const Plan& plan) {
  for (contract::Leaf& leaf : contract::leaves(plan)) {
    answers_.push_back({std::move(leaf.pointer), AnswerStatus::kNotEnforced, {}, "not answered"});
    rules_.push_back(leaf.rule);
  }
}

template <class Edit>
void Answers::each(std::string_view pattern, Edit edit) {
  if (contract::leaf_rule(pattern) == nullptr) {
    throw std::logic_error("no leaf of the plan is called '" + std::string(pattern) + "'");
  }
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    if (rules_[i]->pattern == pattern || answers_[i].path == pattern) {
      edit(answers_[i]);
    }
  }
}

void Answers::enforce(std::string_view pattern, std::string mechanism) {
  each(pattern, [&](Answer& answer) {
    answer.status = AnswerStatus::kEnforced;
    answer.mechanism = mechanism;
    answer.why.clear();
  });
}

void Answers::delegate(std::string_view pattern, std::string to) {
  each(pattern, [&](Answer& answer) {
    answer.status = AnswerStatus::kDelegated;
    answer.mechanism = to;
    answer.why.clear();
  });
}

void Answers::refuse(std::string_view pattern, std::string why) {
  each(pattern, [&](Answer& answer) {
    answer.status = AnswerStatus::kNotEnforced;
    answer.mechanism.clear();
    answer.why = why;
  });
}

std::vector<Answer> Answers::take() {
  return std::move(answers_);
}

}  // namespace paddock::sdk
