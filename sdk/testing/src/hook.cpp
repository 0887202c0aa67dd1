#include "common.hpp"
#include "paddock/contract/messages.hpp"
#include "sample.hpp"

namespace paddock::testing {
namespace {

constexpr std::string_view kMethods = "API-14: the manifest lists every method of the kind";
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

void run_suite(Recorder& recorder, const Loaded& loaded, const Subject& subject) {
  Instance instance(*loaded.plugin, config_message(loaded.id, subject.values));
  const Sample before = run_request(contract::HookPhase::kBeforeLaunch);
  const Sample after = run_request(contract::HookPhase::kAfterStop);
  recorder.expect(kMethods, loaded.answers("run"), "'run' is missing");
  check_calls(recorder, loaded, instance, {before, after});
  for (const Sample& sample : {before, after}) {
    ask<contract::Empty>(recorder, kRun, instance, sample).has_value();
  }
}

}  // namespace

Report check_hook(const Subject& subject) {
  Recorder recorder;
  {
    const StateGuard guard(recorder);
    const Loaded loaded = check_loading(recorder, subject, "hook");
    if (loaded.plugin != nullptr && recorder.passed()) {
      run_suite(recorder, loaded, subject);
    }
  }
  return recorder.take();
}

}  // namespace paddock::testing
