#include "common.hpp"
#include "paddock/contract/messages.hpp"
#include "sample.hpp"

namespace paddock::testing {
namespace {

constexpr std::string_view kRun = "HOK-01: run answers for every phase";

Sample run_request(contract::HookPhase phase) {
  contract::HookRequest request;
  request.phase = phase;
  request.plan = sample_plan("/nonexistent");
  if (phase == contract::HookPhase::kAfterStop) {
    request.exit_code = 3;
  }
  return {"run", contract::encode(request)};
}

}  // namespace

Report check_hook(const Subject& subject) {
  Recorder recorder;
  const Loaded loaded = check_loading(recorder, subject, "hook");
  if (loaded.plugin == nullptr || !recorder.passed()) {
    return recorder.take();
  }
  Instance instance(*loaded.plugin, config_message(loaded.id, subject.values));
  const Sample before = run_request(contract::HookPhase::kBeforeLaunch);
  const Sample after = run_request(contract::HookPhase::kAfterStop);
  check_calls(recorder, loaded, instance, {before, after});
  recorder.expect(kRun, loaded.answers("run"), "the manifest does not list 'run'");
  for (const Sample& sample : {before, after}) {
    ask<contract::Empty>(recorder, kRun, instance, sample).has_value();
  }
  return recorder.take();
}

}  // namespace paddock::testing
