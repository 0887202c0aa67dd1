// From results to checks: a refusal counts only where its twin shows that the trial could work.
#include <algorithm>
#include <map>

#include "proof/errno_text.hpp"
#include "proof/proof.hpp"

namespace paddock::proof {
namespace {

bool succeeded(const Trial& trial, const ProbeResult& result) {
  return result.error == 0 && result.signal == 0 &&
         result.step == static_cast<int>(trial.probe.calls.size()) - 1;
}

bool within(const Trial& trial, std::int64_t value) {
  return (!trial.at_least || value >= *trial.at_least) &&
         (!trial.at_most || value <= *trial.at_most);
}

bool refused(const Trial& trial, const ProbeResult& result) {
  const auto& allowed = trial.allowed_errors;
  const bool decisive =
      result.step == trial.decisive || (trial.earlier_will_do && result.step < trial.decisive);
  return result.signal == 0 && decisive &&
         std::find(allowed.begin(), allowed.end(), result.error) != allowed.end();
}

bool is_must_fail(const Trial& trial) {
  return trial.expectation.kind == "must-fail";
}

/// A must-succeed that the workload, and not the sandbox, keeps from it.
bool is_excused(const Trial& trial, const ProbeResult& result) {
  const auto& errors = trial.excused;
  return result.signal == 0 && result.step >= 0 &&
         std::find(errors.begin(), errors.end(), result.error) != errors.end();
}

/// The trial by itself, twin apart.
bool holds_alone(const Trial& trial, const ProbeResult& result) {
  const bool bounded = trial.at_least || trial.at_most;
  if (succeeded(trial, result)) {
    return is_must_fail(trial) ? bounded && within(trial, result.value)
                               : within(trial, result.value);
  }
  return is_must_fail(trial) ? refused(trial, result) : is_excused(trial, result);
}

std::string describe(const Trial& trial, const ProbeResult& result) {
  if (result.signal != 0) {
    return "ended by signal " + std::to_string(result.signal);
  }
  if (result.step < 0) {
    return "no child for it: " + errno_text(result.error);
  }
  if (result.error != 0) {
    const bool early = result.step != trial.decisive && is_must_fail(trial);
    return errno_text(result.error) + (early ? " at step " + std::to_string(result.step) : "");
  }
  const bool valued = trial.at_least || trial.at_most;
  return valued ? std::to_string(result.value) : "succeeds";
}

}  // namespace

std::vector<Check> judge(const std::vector<Trial>& trials,
                         const std::vector<ProbeResult>& results) {
  std::map<std::string, const ProbeResult*> by_id;
  for (const ProbeResult& result : results) {
    by_id[result.id] = &result;
  }
  std::map<std::string, bool> alone;
  std::vector<Check> checks;
  for (const Trial& trial : trials) {
    Check check = trial.expectation;
    const auto found = by_id.find(trial.probe.id);
    check.seen = found == by_id.end() ? "no result" : describe(trial, *found->second);
    check.holds = found != by_id.end() && holds_alone(trial, *found->second);
    if (check.holds && is_excused(trial, *found->second)) {
      check.seen += ", " + trial.excuse;
    }
    alone[trial.probe.id] = check.holds;
    checks.push_back(std::move(check));
  }
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (is_must_fail(trials[i]) && checks[i].holds && !alone[trials[i].twin]) {
      checks[i].holds = false;
      checks[i].seen += ", but the trial that must succeed did not";
    }
  }
  return checks;
}

}  // namespace paddock::proof
