#include "cli/outcome_view.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "cli/ledger_view.hpp"
#include "cli/output.hpp"

namespace paddock::cli {

Node::Table launch_table(std::string_view schema,
                         const run::State& state,
                         const proof::Ledger& ledger) {
  const auto proved = std::count_if(ledger.entries.begin(), ledger.entries.end(),
                                    [](const proof::Entry& entry) { return entry.is_proved(); });
  return {{"schema", Node(std::string(schema))},
          {"name", Node(state.name)},
          {"instance", Node(state.instance)},
          {"profile", Node(state.profile)},
          {"backend", Node(state.backend.id)},
          {"proved", Node(std::int64_t{proved})},
          {"protections", Node(static_cast<std::int64_t>(ledger.entries.size()))},
          {"ledger", verdicts_node(ledger)}};
}

Node::Table outcome_table(std::string_view schema,
                          const run::State& state,
                          const proof::Ledger& ledger,
                          const run::Outcome& outcome) {
  Node::Table table = launch_table(schema, state, ledger);
  table["exit_status"] = Node(std::int64_t{outcome.exit_code});
  table["oom_killed"] = Node(outcome.oom_killed);
  return table;
}

void print_outcome(Node::Table table) {
  print_error(to_json(Node(std::move(table))) + "\n");
}

void warn_of_memory(const run::State& state, const run::Outcome& outcome) {
  if (outcome.oom_killed) {
    log::warn("the memory limit of sandbox '" + state.name + "' ended a process");
  }
}

}  // namespace paddock::cli
