#include <sched.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "common.hpp"
#include "paddock/contract/leaves.hpp"
#include "paddock/contract/messages.hpp"
#include "sample.hpp"
#include "surroundings.hpp"
#include "truth.hpp"

namespace paddock::testing {
namespace {

using contract::Op;
using contract::OpKind;

constexpr std::string_view kRequire = "HRD-01: require names protections of the vocabulary";
constexpr std::string_view kRepeat = "HRD-02: equal plans get equal answers";
constexpr std::string_view kLeaf = "HRD-03: every op names a leaf and a value of its type";
constexpr std::string_view kIds = "HRD-04: every op has an id of its own and a reason";
constexpr std::string_view kReview = "HRD-05: review accepts or vetoes with a reason";
constexpr std::string_view kRelease =
    "HRD-06: release undoes attach, and can be repeated, also without attach";
constexpr std::string_view kVerify = "HRD-07: verify says what it saw";
constexpr std::string_view kLie = "HRD-08: verify does not call an unconfined process confined";

constexpr int kOwnNamespaces =
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;

/// What can be seen of a process from outside and changed from there.
std::map<std::string, std::string> marks_of(pid_t pid) {
  std::map<std::string, std::string> marks;
  for (const char* name : {"limits", "cgroup", "mountinfo", "oom_score_adj", "net/route"}) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
    marks[name].assign(std::istreambuf_iterator<char>(file), {});
  }
  return marks;
}

class HardenerSuite {
 public:
  HardenerSuite(Recorder& recorder, const Loaded& loaded, const Subject& subject)
      : recorder_(recorder),
        loaded_(loaded),
        subject_(subject),
        plan_(sample_plan(scratch_.path())),
        instance_(*loaded.plugin, config_message(loaded.id, subject.values)) {}

  void run();

 private:
  void require();
  void adjust();
  void check_op(const Op& op);
  void review();
  void verify();
  void release(const Sleeper& sandbox);
  void attach_and_release();
  Sample on_plan(const char* method) const {
    return {method, contract::encode(contract::PlanRequest{plan_})};
  }
  Sample on_sandbox(const char* method, const Sleeper& sandbox) const;

  Recorder& recorder_;
  const Loaded& loaded_;
  const Subject& subject_;
  ScratchDir scratch_;
  contract::Plan plan_;
  Instance instance_;
  Sleeper sleeper_;
};

Sample HardenerSuite::on_sandbox(const char* method, const Sleeper& sandbox) const {
  contract::SandboxRequest request;
  request.plan = plan_;
  request.sandbox.instance = "00000000c0ffee00";
  request.sandbox.pid = sandbox.pid();
  return {method, contract::encode(request)};
}

void HardenerSuite::require() {
  const Sample sample{"require", "{}"};
  if (const auto reply = ask<contract::RequireReply>(recorder_, kRequire, instance_, sample)) {
    for (const std::string& name : reply->protections) {
      recorder_.expect(kRequire, is_protection_name(name), "there is no protection '" + name + "'");
    }
  }
  expect_repeatable(recorder_, kRepeat, loaded_, subject_, sample);
}

void HardenerSuite::check_op(const Op& op) {
  const bool is_leaf = contract::leaf_rule(op.path) != nullptr;
  recorder_.expect(kLeaf, is_leaf,
                   "op '" + op.id + "': '" + op.path + "' is not a leaf of the plan");
  if (is_leaf && op.kind != OpKind::kRemove) {
    const auto fits = check_value(plan_, op.path, op.value.text);
    recorder_.expect(kLeaf, fits.has_value(),
                     "op '" + op.id + "': " + (fits ? "" : fits.error().what));
  }
  recorder_.expect(kIds, !op.id.empty() && !op.reason.empty(),
                   "op '" + op.id + "' has no id or reason");
}

void HardenerSuite::adjust() {
  const Sample sample = on_plan("adjust");
  if (const auto reply = ask<contract::AdjustReply>(recorder_, kLeaf, instance_, sample)) {
    std::set<std::string> ids;
    for (const Op& op : reply->ops) {
      check_op(op);
      recorder_.expect(kIds, ids.insert(op.id).second, "two ops are called '" + op.id + "'");
    }
  }
  expect_repeatable(recorder_, kRepeat, loaded_, subject_, sample);
}

void HardenerSuite::review() {
  const Outcome outcome = instance_.call("review", on_plan("review").request);
  if (outcome.status == PADDOCK_OK) {
    const auto reply = contract::decode<contract::Empty>(outcome.reply);
    recorder_.expect(kReview, reply.has_value(), reply ? "" : reply.error().what);
  } else {
    const auto error = contract::decode<Error>(outcome.error);
    recorder_.expect(kReview, error.has_value() && !error->what.empty(),
                     error ? "the veto has no reason" : error.error().what);
  }
  expect_repeatable(recorder_, kRepeat, loaded_, subject_, on_plan("review"));
}

// Nobody confined the sleeper: what holds of it is what holds of this process.
void HardenerSuite::verify() {
  const auto reply =
      ask<contract::VerifyReply>(recorder_, kVerify, instance_, on_sandbox("verify", sleeper_));
  if (!reply) {
    return;
  }
  for (const contract::Finding& finding : reply->findings) {
    const std::string name = "'" + finding.protection + "'";
    recorder_.expect(kVerify, is_protection_name(finding.protection),
                     "there is no protection " + name);
    recorder_.expect(kVerify, !finding.seen.empty(), name + " comes without what was seen");
    const bool lie = finding.holds && finding.evidence == contract::Evidence::kObserved &&
                     holds_of(finding.protection, sleeper_.pid(), plan_) == false;
    recorder_.expect(kLie, !lie, name + " holds of a process that has it not");
  }
}

void HardenerSuite::release(const Sleeper& sandbox) {
  for (int i = 0; i < 2; ++i) {
    ask<contract::Empty>(recorder_, kRelease, instance_, on_sandbox("release", sandbox))
        .has_value();
  }
}

// What attach does, it does to namespaces of the sleeper's own, never to the host's. It may well
// refuse such a poor sandbox; then there must be nothing to undo.
void HardenerSuite::attach_and_release() {
  const Sleeper sandbox(kOwnNamespaces);
  if (!sandbox.ready()) {
    return recorder_.skip(kRelease, "no namespaces can be made here, so nothing was attached");
  }
  const auto before = marks_of(sandbox.pid());
  const Outcome attached = instance_.call("attach", on_sandbox("attach", sandbox).request);
  if (attached.status != PADDOCK_OK) {
    expect_error(recorder_, "attach", attached);
  }
  release(sandbox);
  const auto after = marks_of(sandbox.pid());
  for (const auto& [name, text] : before) {
    recorder_.expect(kRelease, after.at(name) == text,
                     "what attach changed in /proc/PID/" + name + " is still there");
  }
}

void HardenerSuite::run() {
  std::vector<Sample> samples;
  for (const char* method : {"adjust", "review"}) {
    if (loaded_.answers(method)) {
      samples.push_back(on_plan(method));
    }
  }
  check_calls(recorder_, loaded_, instance_, samples);
  if (loaded_.answers("require")) {
    require();
  }
  if (loaded_.answers("adjust")) {
    adjust();
  }
  if (loaded_.answers("review")) {
    review();
  }
  if (loaded_.answers("verify")) {
    verify();
  }
  if (loaded_.answers("release")) {
    release(sleeper_);
    if (loaded_.answers("attach")) {
      attach_and_release();
    }
  }
}

}  // namespace

Report check_hardener(const Subject& subject) {
  Recorder recorder;
  {
    const StateGuard guard(recorder);
    const Loaded loaded = check_loading(recorder, subject, "hardener");
    if (loaded.plugin != nullptr && recorder.passed()) {
      HardenerSuite(recorder, loaded, subject).run();
    }
  }
  return recorder.take();
}

}  // namespace paddock::testing
