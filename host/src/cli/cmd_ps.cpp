// paddock ps
#include <algorithm>
#include <ctime>

#include "base/node.hpp"
#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "os/process.hpp"

namespace paddock::cli {
namespace {

/// "3 m", "2 h", of an RFC 3339 time.
std::string age(const std::string& since) {
  std::tm parts{};
  if (::strptime(since.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) {
    return "?";
  }
  const auto seconds = static_cast<long>(std::time(nullptr) - ::timegm(&parts));
  if (seconds < 120) {
    return std::to_string(std::max(seconds, 0L)) + " s";
  }
  return seconds < 7200     ? std::to_string(seconds / 60) + " m"
         : seconds < 172800 ? std::to_string(seconds / 3600) + " h"
                            : std::to_string(seconds / 86400) + " d";
}

/// Its paddock is gone, and what it left could not be cleared.
bool is_abandoned(const run::State& state) {
  return state.phase != run::Phase::kEnded && state.phase != run::Phase::kUnreleased &&
         os::start_time(static_cast<pid_t>(state.host_pid)) != state.host_start_time;
}

std::string status_text(const run::State& state) {
  if (is_abandoned(state)) {
    return "abandoned";
  }
  if (state.phase != run::Phase::kEnded) {
    return std::string(run::phase_name(state.phase));
  }
  return state.exit_code ? "ended (" + std::to_string(*state.exit_code) + ")" : "lost";
}

std::vector<Cell> row(const run::State& state) {
  const bool stuck = is_abandoned(state) || state.phase == run::Phase::kUnreleased;
  const bool live = state.phase != run::Phase::kEnded && !stuck;
  return {{state.name, Style::kNone},
          {status_text(state), live    ? Style::kGood
                               : stuck ? Style::kBad
                                       : Style::kDim},
          {state.profile, Style::kNone},
          {state.backend.id, Style::kNone},
          {live && state.gate_pid != 0 ? std::to_string(state.gate_pid) : "-", Style::kNone},
          {age(state.started_at), Style::kNone},
          {join(state.command, " "), Style::kNone}};
}

Node node(const run::State& state) {
  Node::Array command;
  for (const std::string& word : state.command) {
    command.emplace_back(word);
  }
  Node::Table table{{"name", Node(state.name)},
                    {"instance", Node(state.instance)},
                    {"profile", Node(state.profile)},
                    {"backend", Node(state.backend.id)},
                    {"phase", Node(std::string(run::phase_name(state.phase)))},
                    {"abandoned", Node(is_abandoned(state))},
                    {"pid", Node(state.gate_pid)},
                    {"host_pid", Node(state.host_pid)},
                    {"started_at", Node(state.started_at)},
                    {"oom_killed", Node(state.oom_killed)},
                    {"command", Node(std::move(command))}};
  if (!state.ended_at.empty()) {
    table["ended_at"] = Node(state.ended_at);
  }
  if (state.exit_code) {
    table["exit_status"] = Node(std::int64_t{*state.exit_code});
  }
  return Node(std::move(table));
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
    list.push_back(node(state));
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
      "process and "
      "their command. `abandoned` and `unreleased` are those whose paddock is gone, and of which a "
      "backend or a hardener could not clear everything: `paddock gc` tries again. With --all also "
      "the last ones that ended, with their exit status; `lost` are those whose paddock was killed "
      "and that were cleared away later.";
  command.options = {{"all", 'a', "", "also those that ended"}};
  command.examples = {"paddock ps", "paddock ps --all --json"};
  command.run = ps;
  return command;
}

}  // namespace paddock::cli
