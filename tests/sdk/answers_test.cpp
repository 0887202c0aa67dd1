// A backend's collector of answers.
#include <stdexcept>

#include "paddock/sdk/backend.hpp"
#include "support/catch.hpp"

using namespace paddock::contract;
using paddock::sdk::Answers;

namespace {

Plan two_mounts() {
  Plan plan;
  plan.mounts["/a"] = {};
  plan.mounts["/b"] = {};
  return plan;
}

std::string answer(const std::vector<Answer>& answers, std::string_view path) {
  for (const Answer& answer : answers) {
    if (answer.path == path) {
      return std::to_string(static_cast<int>(answer.status)) + " " + answer.mechanism + "|" +
             answer.why;
    }
  }
  return "absent";
}

}  // namespace

TEST_CASE("Answers: every leaf is there, and not enforced until somebody says so") {
  Answers answers(two_mounts());
  const auto all = answers.take();
  CHECK(all.size() == leaves(two_mounts()).size());
  CHECK(answer(all, "/mounts/~1a") == "0 |not answered");
}

TEST_CASE("Answers: a pattern reaches all its leaves, a pointer one, the last word counts") {
  Answers answers(two_mounts());
  answers.enforce("/mounts/*", "bind");
  answers.refuse("/mounts/~1b", "no such source");
  answers.delegate("/process/umask", "gate");
  const auto all = answers.take();
  CHECK(answer(all, "/mounts/~1a") == "2 bind|");
  CHECK(answer(all, "/mounts/~1b") == "0 |no such source");
  CHECK(answer(all, "/process/umask") == "1 gate|");
}

TEST_CASE("Answers: a leaf that this plan lacks is fine, one that no plan has is a defect") {
  Answers answers(two_mounts());
  answers.enforce("/resources/pids", "cgroup");
  CHECK_THROWS_WITH(answers.enforce("/mounts", "bind"), "no leaf of the plan is called '/mounts'");
}
