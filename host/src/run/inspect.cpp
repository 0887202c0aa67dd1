#include "run/inspect.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "os/proc.hpp"
#include "os/process.hpp"
#include "os/usage.hpp"
#include "paddock/contract/codec.hpp"
#include "proof/receipt.hpp"
#include "run/record.hpp"

namespace paddock::run {
namespace {

using Json = nlohmann::json;

/// The leaves of a receipt laid over an empty plan. Those that it keeps secret have no value.
Result<contract::Plan> plan_of_receipt(const std::string& text) {
  try {
    const Json receipt = Json::parse(text);
    Json plan = Json::parse(contract::encode(contract::Plan{}));
    plan["name"] = receipt.at("name");
    plan["profile"] = receipt.at("profile");
    for (const Json& leaf : receipt.at("leaves")) {
      if (!leaf.at("value").is_null()) {
        plan[Json::json_pointer(leaf.at("path").get<std::string>())] = leaf.at("value");
      }
    }
    return contract::decode<contract::Plan>(plan.dump());
  } catch (const Json::exception& error) {
    return fail(ErrorCode::kStateCorrupt,
                std::string("the receipt is not what its schema says: ") + error.what());
  }
}

bool is_listed(const Result<std::vector<std::string>>& names, const std::string& name) {
  return names && std::find(names->begin(), names->end(), name) != names->end();
}

bool is_live(const State& state) {
  return state.phase != Phase::kEnded && state.phase != Phase::kUnreleased;
}

/// What is there of it; a receipt that does not match its digest is an error.
Result<std::string> checked_receipt(const Store& store, const std::string& name) {
  auto text = store.read_receipt(name);
  if (!text) {
    return text.error().code == ErrorCode::kNoSandbox ? Result<std::string>("") : fail_as(text);
  }
  const auto checked = proof::check_receipt(*text);
  return checked ? std::move(text) : fail_as(checked);
}

}  // namespace

bool is_abandoned(const State& state) {
  return is_live(state) &&
         os::start_time(static_cast<pid_t>(state.host_pid)) != state.host_start_time;
}

bool is_running(const State& state) {
  return is_live(state) && state.gate_pid > 0 &&
         os::start_time(static_cast<pid_t>(state.gate_pid)) == state.gate_start_time;
}

std::vector<pid_t> processes_of(const State& state) {
  if (!is_running(state)) {
    return {};
  }
  const auto spaces = os::read_namespaces(static_cast<pid_t>(state.gate_pid));
  const auto pid_space = spaces ? spaces->find("pid") : decltype(spaces->find("pid")){};
  return spaces && pid_space != spaces->end() ? os::processes_of_namespace(pid_space->second)
                                              : std::vector<pid_t>{};
}

Result<State> find_state(const Store& store, const std::string& name) {
  const bool ended = !is_listed(store.names(), name) && is_listed(store.ended_names(), name);
  return ended ? store.load_ended(name) : store.load(name);
}

Result<contract::Plan> launched_plan(const Store& store, const State& state) {
  if (is_live(state)) {
    if (const auto text = store.read_record(state.name)) {
      auto record = decode_record(*text);
      return record ? Result<contract::Plan>(std::move(record->draft.plan)) : fail_as(record);
    }
  }
  const auto text = checked_receipt(store, state.name);
  if (!text || text->empty()) {
    return text
               ? fail(ErrorCode::kNoSandbox, "nothing was recorded of what sandbox '" + state.name +
                                                 "' may see: it was "
                                                 "not proved, or not yet")
               : fail_as(text);
  }
  return plan_of_receipt(*text);
}

Result<Inspected> inspect(const Store& store, const std::string& name) {
  auto state = find_state(store, name);
  if (!state) {
    return fail_as(state);
  }
  auto receipt = checked_receipt(store, name);
  auto plan = launched_plan(store, *state);
  if (!receipt || (!plan && plan.error().code != ErrorCode::kNoSandbox)) {
    return receipt ? fail_as(plan) : fail_as(receipt);
  }
  Inspected inspected{std::move(*state), false, {}, std::move(*receipt), {}};
  inspected.abandoned = is_abandoned(inspected.state);
  inspected.pids = processes_of(inspected.state);
  if (plan) {
    inspected.plan = std::move(*plan);
  }
  return inspected;
}

}  // namespace paddock::run
