#include "run/verify.hpp"

#include "proof/proof.hpp"
#include "run/entry.hpp"

namespace paddock::run {
Result<Verified> verify(const Store& store, const std::string& name) {
  auto running = open_running(store, name);
  if (!running) {
    return fail_as(running);
  }
  auto entry = enter(*running, Streams::none());
  if (!entry) {
    return fail_as(entry);
  }
  const auto findings = ask_hardeners(*running);
  if (!findings) {
    return fail_as(findings);
  }
  const proof::Subject subject{running->record.draft,
                               running->record.prepared,
                               running->record.probe,
                               *running->state.sandbox,
                               static_cast<pid_t>(running->state.gate_pid),
                               {},
                               running->state.terminal,
                               false,
                               entered_pid(*running, *entry),
                               true};
  auto ledger = proof::prove_running(subject, entry->channel, *findings);
  if (!ledger) {
    return fail_as(ledger);
  }
  return Verified{std::move(running->state), std::move(*ledger)};
}

}  // namespace paddock::run
