#include "run/running.hpp"

namespace paddock::run {

Result<Running> open_running(const Store& store, const std::string& name) {
  auto state = store.load(name);
  if (!state) {
    return fail_as(state);
  }
  if (state->phase != Phase::kRunning || !state->sandbox) {
    return fail(ErrorCode::kNotRunning,
                "sandbox '" + name + "' is not running: " + std::string(phase_name(state->phase)));
  }
  const auto text = store.read_record(name);
  auto record = text ? decode_record(*text) : fail_as(text);
  auto registry = open_registry();
  if (!record || !registry) {
    return record ? fail_as(registry) : fail_as(record);
  }
  auto backend = load_again(*registry, state->backend);
  if (!backend) {
    return fail_as(backend);
  }
  return Running{std::move(*state), std::move(*record), std::move(*registry), std::move(*backend)};
}

Result<std::vector<contract::VerifyReply>> ask_hardeners(const Running& running) {
  std::vector<contract::VerifyReply> findings;
  const contract::SandboxRequest request{running.record.draft.plan, *running.state.sandbox};
  for (const PluginRef& ref : running.state.verifiers) {
    auto hardener = load_again(running.registry, ref);
    if (!hardener) {
      return fail_as(hardener);
    }
    auto reply = (*hardener)->ask<contract::VerifyReply>("verify", request);
    if (!reply) {
      return fail_as(reply);
    }
    findings.push_back(std::move(*reply));
  }
  return findings;
}

}  // namespace paddock::run
