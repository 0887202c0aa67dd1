#include <algorithm>
#include <set>

#include "backend_cycle.hpp"
#include "backend_volume.hpp"
#include "common.hpp"
#include "paddock/contract/leaves.hpp"
#include "paddock/contract/messages.hpp"
#include "sample.hpp"
#include "surroundings.hpp"

namespace paddock::testing {
namespace {

using contract::Answer;
using contract::AnswerStatus;

constexpr std::string_view kProbe =
    "BCK-01: probe answers each protection once, with how or why not, and starts nothing";
constexpr std::string_view kLeaves =
    "BCK-02: prepare answers for every leaf once, and for nothing else";
constexpr std::string_view kNothing = "BCK-03: probe and prepare change nothing";
constexpr std::string_view kRepeat = "BCK-04: equal requests get equal answers";
constexpr std::string_view kReason = "BCK-05: an answer names its mechanism, or why not";
constexpr std::string_view kMethods = "API-14: the manifest lists every method of the kind";
constexpr std::string_view kCycle = "BCK-06: create brings up the gate as PID 1, waiting";

class BackendSuite {
 public:
  BackendSuite(Recorder& recorder, const Loaded& loaded, const Subject& subject);
  void run();

 private:
  bool probe();
  contract::PrepareReply prepare();
  void check_answer(const Answer& answer);
  void cycle(bool available, const contract::PrepareReply& prepared);

  Recorder& recorder_;
  const Loaded& loaded_;
  const Subject& subject_;
  ScratchDir workspace_;
  ScratchDir runtime_;
  contract::PrepareRequest request_;
  std::vector<pid_t> children_ = child_processes();
  Instance instance_;
};

BackendSuite::BackendSuite(Recorder& recorder, const Loaded& loaded, const Subject& subject)
    : recorder_(recorder),
      loaded_(loaded),
      subject_(subject),
      request_{sample_plan(workspace_.path()), "00000000c0ffee00", runtime_.path().string()},
      instance_(*loaded.plugin, config_message(loaded.id, subject.values)) {
  // The workload's user must be able to enter what the plan gives it.
  std::filesystem::permissions(workspace_.path(), std::filesystem::perms::all);
}

bool BackendSuite::probe() {
  const auto reply = ask<contract::ProbeReply>(recorder_, kProbe, instance_, {"probe", "{}"});
  for (const pid_t child : child_processes()) {
    recorder_.expect(kProbe, std::count(children_.begin(), children_.end(), child) == 1,
                     "it leaves a process, " + std::to_string(child));
  }
  if (!reply) {
    return false;
  }
  recorder_.expect(kProbe, reply->available || !reply->reason.empty(),
                   "it is unavailable without a reason");
  std::set<std::string> seen;
  for (const contract::ProtectionSupport& support : reply->protections) {
    const std::string name = "'" + support.protection + "'";
    recorder_.expect(kProbe, is_protection_name(support.protection),
                     "there is no protection " + name);
    recorder_.expect(kProbe, seen.insert(support.protection).second, name + " is answered twice");
    recorder_.expect(kProbe,
                     support.supported ? !support.mechanism.empty() : !support.reason.empty(),
                     name + (support.supported ? " has no mechanism" : " has no reason"));
  }
  return reply->available;
}

void BackendSuite::check_answer(const Answer& answer) {
  const std::string path = "'" + answer.path + "'";
  if (answer.status == AnswerStatus::kNotEnforced) {
    recorder_.expect(kReason, !answer.why.empty(), path + " is not enforced without a why");
  } else {
    recorder_.expect(kReason, !answer.mechanism.empty(), path + " is enforced by nothing");
  }
}

contract::PrepareReply BackendSuite::prepare() {
  const Sample sample{"prepare", contract::encode(request_)};
  const auto reply = ask<contract::PrepareReply>(recorder_, kLeaves, instance_, sample);
  if (!reply) {
    return {};
  }
  std::set<std::string> open;
  for (const contract::Leaf& leaf : contract::leaves(request_.plan)) {
    open.insert(leaf.pointer);
  }
  std::set<std::string> seen;
  for (const Answer& answer : reply->answers) {
    const std::string path = "'" + answer.path + "'";
    recorder_.expect(kLeaves, seen.insert(answer.path).second, path + " is answered twice");
    recorder_.expect(kLeaves, open.count(answer.path) == 1, path + " is not a leaf of the plan");
    check_answer(answer);
  }
  for (const std::string& pointer : open) {
    recorder_.expect(kLeaves, seen.count(pointer) == 1, "there is no answer for '" + pointer + "'");
  }
  expect_repeatable(recorder_, kRepeat, loaded_, subject_, sample);
  return *reply;
}

void BackendSuite::cycle(bool available, const contract::PrepareReply& prepared) {
  if (!available || subject_.gate.empty()) {
    return recorder_.skip(kCycle,
                          available ? "no gate was given" : "the backend is not available here");
  }
  for (const Answer& answer : prepared.answers) {
    if (answer.status == AnswerStatus::kNotEnforced) {
      return recorder_.skip(kCycle, "'" + answer.path + "' is not enforced here: " + answer.why);
    }
  }
  check_cycle(recorder_, instance_, subject_.gate.string(), request_, prepared);
}

void BackendSuite::run() {
  for (const char* method : {"probe", "prepare", "create", "exec", "inspect", "stop", "remove"}) {
    recorder_.expect(kMethods, loaded_.answers(method), "'" + std::string(method) + "' is missing");
  }
  check_calls(recorder_, loaded_, instance_,
              {{"probe", "{}"}, {"prepare", contract::encode(request_)}});
  const bool available = probe();
  const contract::PrepareReply prepared = prepare();
  recorder_.expect(kNothing, entries(runtime_.path()).empty(),
                   "something is left in the runtime directory");
  recorder_.expect(kNothing, entries(workspace_.path()).empty(),
                   "something is left in the workspace");
  cycle(available, prepared);
  if (available && loaded_.answers("volume")) {
    check_volume(recorder_, instance_);
  }
}

}  // namespace

Report check_backend(const Subject& subject) {
  Recorder recorder;
  {
    const StateGuard guard(recorder);
    const Loaded loaded = check_loading(recorder, subject, "backend");
    if (loaded.plugin != nullptr && recorder.passed()) {
      BackendSuite(recorder, loaded, subject).run();
    }
  }
  return recorder.take();
}

}  // namespace paddock::testing
