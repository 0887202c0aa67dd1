#include "cli/state_view.hpp"

#include <algorithm>
#include <ctime>

#include "run/inspect.hpp"

namespace paddock::cli {
namespace {

/// Nobody will clear it unasked.
bool is_stuck(const run::State& state) {
  return run::is_abandoned(state) || state.phase == run::Phase::kUnreleased;
}

std::string status_text(const run::State& state) {
  if (run::is_abandoned(state)) {
    return "abandoned";
  }
  if (state.phase != run::Phase::kEnded) {
    return std::string(run::phase_name(state.phase));
  }
  return state.exit_code ? "ended (" + std::to_string(*state.exit_code) + ")" : "lost";
}

}  // namespace

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

bool is_live(const run::State& state) {
  return state.phase != run::Phase::kEnded && !is_stuck(state);
}

Cell status_cell(const run::State& state) {
  return {status_text(state), is_live(state)    ? Style::kGood
                              : is_stuck(state) ? Style::kBad
                                                : Style::kDim};
}

Node::Table state_table(const run::State& state) {
  Node::Array command;
  for (const std::string& word : state.command) {
    command.emplace_back(word);
  }
  Node::Table table{{"name", Node(state.name)},
                    {"instance", Node(state.instance)},
                    {"profile", Node(state.profile)},
                    {"backend", Node(state.backend.id)},
                    {"phase", Node(std::string(run::phase_name(state.phase)))},
                    {"abandoned", Node(run::is_abandoned(state))},
                    {"pid", Node(state.gate_pid)},
                    {"host_pid", Node(state.host_pid)},
                    {"started_at", Node(state.started_at)},
                    {"oom_killed", Node(state.oom_killed)},
                    {"command", Node(std::move(command))}};
  if (!state.order.worktree.empty()) {
    table["worktree"] = Node(state.order.worktree);
  }
  if (!state.ended_at.empty()) {
    table["ended_at"] = Node(state.ended_at);
  }
  if (state.exit_code) {
    table["exit_status"] = Node(std::int64_t{*state.exit_code});
  }
  return table;
}

}  // namespace paddock::cli
