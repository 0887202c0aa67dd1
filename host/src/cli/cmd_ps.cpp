// paddock ps
#include <algorithm>

#include "base/node.hpp"
#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/state_view.hpp"
#include "cli/store.hpp"

namespace paddock::cli {
namespace {

/// With the branch of its worktree, as revisions are written.
std::string profile_text(const run::State& state) {
  return state.order.worktree.empty() ? state.profile : state.profile + "@" + state.order.worktree;
}

std::vector<Cell> row(const run::State& state) {
  return {
      {state.name, Style::kNone},
      status_cell(state),
      {profile_text(state), Style::kNone},
      {state.backend.id, Style::kNone},
      {is_live(state) && state.gate_pid != 0 ? std::to_string(state.gate_pid) : "-", Style::kNone},
      {age(state.started_at), Style::kNone},
      {join(state.command, " "), Style::kNone}};
}

/// A sandbox that ends between listing and reading is skipped; a damaged one was told of, with
/// its name, when the store was opened.
Result<std::vector<run::State>> collect(const run::Store& store, bool all) {
  std::vector<run::State> states;
  const auto names = store.names();
  const auto ended = all ? store.ended_names() : Result<std::vector<std::string>>{};
  if (!names || !ended) {
    return names ? fail_as(ended) : fail_as(names);
  }
  const auto take = [&](Result<run::State> state) {
    if (state) {
      states.push_back(std::move(*state));
    }
  };
  for (const std::string& name : *names) {
    take(store.load(name));
  }
  for (const std::string& name : *ended) {
    if (!std::binary_search(names->begin(), names->end(), name)) {  // else it runs again
      take(store.load_ended(name));
    }
  }
  return states;
}

Result<int> ps(const Arguments& arguments) {
  const auto states = collect(open_store(), arguments.flag("all"));
  if (!states) {
    return fail_as(states);
  }
  TableView table;
  table.header = {"NAME", "STATUS", "PROFILE", "BACKEND", "PID", "AGE", "COMMAND"};
  Node::Array list;
  for (const run::State& state : *states) {
    table.rows.push_back(row(state));
    list.emplace_back(state_table(state));
  }
  if (arguments.json) {
    print(to_json(Node(Node::Table{{"schema", Node(std::string("paddock.ps/1"))},
                                   {"sandboxes", Node(std::move(list))}})) +
          "\n");
  } else {
    print(render_table(table, arguments.plain));
  }
  return 0;
}

}  // namespace

Command ps_command() {
  Command command;
  command.name = "ps";
  command.group = "SEE";
  command.summary = "list sandboxes";
  command.description =
      "Lists the sandboxes that run, with their profile, backend, the host PID of their first "
      "process and their command; behind an '@' the branch of a Git worktree. `abandoned` and "
      "`unreleased` are those whose paddock is gone, and of which a "
      "backend or a hardener could not clear everything: `paddock gc` tries again. With --all also "
      "the last ones that ended, with their exit status; `lost` are those whose paddock was killed "
      "and that were cleared away later.";
  command.options = {{"all", 'a', "", "also those that ended"}};
  command.examples = {"paddock ps", "paddock ps --all --json"};
  command.run = ps;
  return command;
}

}  // namespace paddock::cli
