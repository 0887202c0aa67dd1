#include "run/verify.hpp"

#include "proof/proof.hpp"
#include "run/entry.hpp"

namespace paddock::run {
namespace {

constexpr std::chrono::seconds kProbeDeadline{10};

}  // namespace

Result<Verified> verify(const Store& store, const std::string& name) {
  auto running = open_running(store, name);
  if (!running) {
    return fail_as(running);
  }
  auto entry = enter(*running, false, false);
  if (!entry) {
    return fail_as(entry);
  }
  const auto findings = ask_hardeners(*running);
  if (!findings) {
    return fail_as(findings);
  }
  const proof::Subject subject{running->record.draft, running->record.prepared,
                               running->record.probe, *running->state.sandbox,
                               static_cast<pid_t>(running->state.gate_pid)};
  const auto trials = proof::trials(subject);
  std::vector<proof::Probe> probes;
  for (const proof::Trial& trial : trials) {
    probes.push_back(trial.probe);
  }
  const auto results = entry->channel.run(probes, kProbeDeadline);
  if (!results) {
    return fail_as(results);
  }
  auto checks = proof::check_kernel(subject);
  auto judged = proof::judge(trials, *results);
  checks.insert(checks.end(), judged.begin(), judged.end());
  return Verified{std::move(running->state),
                  proof::assemble(subject, std::move(checks), *findings)};
}

}  // namespace paddock::run
