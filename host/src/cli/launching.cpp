#include "cli/launching.hpp"

#include <unistd.h>

#include <memory>

#include "base/node.hpp"
#include "base/render.hpp"
#include "cli/image_progress.hpp"
#include "cli/ledger_view.hpp"
#include "cli/outcome_view.hpp"
#include "cli/output.hpp"
#include "cli/run_worktree.hpp"
#include "cli/store.hpp"
#include "os/paths.hpp"
#include "profile/background.hpp"
#include "run/part.hpp"
#include "run/repeat.hpp"
#include "run/warm.hpp"

namespace paddock::cli {
namespace {

bool wants_summary(const Arguments& arguments) {
  return !arguments.quiet && !arguments.json &&
         (arguments.verbose > 0 || ::isatty(STDERR_FILENO) == 1);
}

/// Before the workload's first instruction, so that its own words come after.
void announce(const run::Session& session, const Arguments& arguments) {
  if (!arguments.quiet && !arguments.json) {
    for (const std::string& notice : session.profile.notices) {
      print_error("paddock: " + notice + "\n");
    }
    for (const std::string& widening : session.planned.draft.widenings) {
      print_error("paddock: widened: " + widening + "\n");
    }
    for (const std::string& notice : session.planned.draft.notices) {
      print_error("paddock: " + notice + "\n");
    }
    if (arguments.verbose > 0) {
      for (const std::string& aside : session.planned.draft.asides) {
        print_error("paddock: " + aside + "\n");
      }
    }
  }
  if (arguments.flag("ledger")) {
    print_error(ledger_table(session.ledger, false, STDERR_FILENO));
  }
  if (wants_summary(arguments) || arguments.flag("ledger")) {
    print_error("paddock: " + session.state.name + ": " +
                proof_summary(session.ledger, session.timings.of("prove")) + "\n");
  }
}

/// Like the other notices; it stays, for what is waited for may take minutes.
void announce_wait(const std::string& backend, unsigned others, const Arguments& arguments) {
  if (!arguments.quiet && !arguments.json) {
    print_error("paddock: waiting: " + std::to_string(others) + " other launches are at work on '" +
                backend + "', as many as may be at once\n");
  }
}

Node timings_node(const run::Timings& timings) {
  Node::Table table;
  for (const run::Timing& timing : timings.list()) {
    table[timing.step] = Node(static_cast<std::int64_t>(timing.took.count()));
  }
  return Node(std::move(table));
}

std::string milliseconds(std::chrono::microseconds time) {
  const std::string text = std::to_string(time.count() + 1000000);  // keeps the leading zeros
  const std::size_t dot = text.size() - 3;
  const std::string whole = std::to_string(time.count() / 1000);
  return whole + "." + text.substr(dot, 2);
}

std::string timings_table(const run::Timings& timings) {
  TableView table;
  table.header = {"STEP", "MS"};
  std::chrono::microseconds before_first{}, total{};
  for (const run::Timing& timing : timings.list()) {
    table.rows.push_back({{timing.step, Style::kNone}, {milliseconds(timing.took), Style::kNone}});
    total += timing.took;
    if (timing.step == "release") {
      before_first = total;
    }
  }
  table.rows.push_back(
      {{"to the first instruction", Style::kBold}, {milliseconds(before_first), Style::kBold}});
  table.rows.push_back({{"total", Style::kBold}, {milliseconds(total), Style::kBold}});
  return render_table(table, false, STDERR_FILENO);
}

void tell_end(const run::Session& session,
              const run::Outcome& outcome,
              const Arguments& arguments) {
  for (const Error& error : outcome.hooks) {
    print_error(render(error));
  }
  if (outcome.clean_up) {
    print_error(render(*outcome.clean_up));
    print_error("paddock: sandbox '" + session.state.name +
                "' is not cleared away; `paddock gc` tries again\n");
  }
  if (arguments.json) {
    Node::Table result = outcome_table("paddock.run/1", session.state, session.ledger, outcome);
    result["timings_us"] = timings_node(session.timings);
    print_outcome(std::move(result));
    return;
  }
  warn_of_memory(session.state, outcome);
  if (arguments.flag("timings")) {
    print_error(timings_table(session.timings));
  }
}

/// The last thing that is said at the terminal of a sandbox in the background.
std::string name_it(const run::Session& session, const Arguments& arguments) {
  return arguments.json
             ? to_json(Node(launch_table("paddock.run/1", session.state, session.ledger))) + "\n"
         : arguments.quiet ? ""
                           : session.state.name + "\n";
}

/// Whether a launch is told in so few words that a warm sandbox's keeper can say them.
bool takes_warm(const run::Order& order, const Arguments& arguments) {
  return !order.background && order.name.empty() && order.worktree.empty() && order.hooks &&
         !arguments.json && !arguments.flag("ledger") && !arguments.flag("timings");
}

/// nullopt: there is none.
Result<std::optional<int>> run_warm(const run::Order& order, const Arguments& arguments) {
  run::SignalWatch signals;
  const auto welcomed = [&](const std::string& note) {
    run::replenish(order);
    if (wants_summary(arguments)) {
      print_error("paddock: " + note + "\n");
    }
  };
  const auto end = run::take_warm(run::Store(os::user_paths().state), order, signals, welcomed);
  if (!end || !*end) {
    return end ? Result<std::optional<int>>(std::nullopt) : fail_as(end);
  }
  return std::optional<int>((*end)->exit_code.value_or(125));
}

Result<int> launch_here(run::Order order, const Arguments& arguments, run::Part* part) {
  run::SignalWatch signals;
  const auto worktree = enter_worktree(order);
  if (!worktree) {
    return fail_as(worktree);
  }
  ImageProgressView view("image", arguments);
  auto session = std::make_unique<run::Session>(std::move(order), open_store());
  session->watch = view.watch();
  session->waits = [&, launched = session.get()](unsigned others) {
    announce_wait(launched->state.backend.id, others, arguments);
  };
  run::Announce announced{[&](const run::Session& proved) { announce(proved, arguments); }, {}};
  if (takes_warm(session->order, arguments)) {
    announced.running = [](const run::Session& running) {
      if (profile::warm_of(running.profile) > 0) {
        run::replenish(running.order);
      }
    };
  }
  if (part != nullptr) {
    announced.running = [&](const run::Session& running) {
      part->go(name_it(running, arguments),
               running.store.directory(running.state.name) / run::kComplaints);
    };
  }
  const auto outcome = run::launch_repeatedly(session, signals, announced);
  const std::string kept = leave_worktree(*worktree);
  if (!kept.empty() && part == nullptr && !arguments.quiet && !arguments.json) {
    print_error("paddock: " + kept + "\n");
  }
  if (!outcome) {
    return fail_as(outcome);
  }
  tell_end(*session, *outcome, arguments);
  return outcome->exit_code;
}

}  // namespace

Result<int> launch(run::Order order, const Arguments& arguments) {
  if (takes_warm(order, arguments)) {
    const auto taken = run_warm(order, arguments);
    if (!taken || *taken) {
      return taken ? Result<int>(**taken) : fail_as(taken);
    }
  }
  return order.background ? launch_in_background([&] { return order; }, arguments)
                          : launch_here(std::move(order), arguments, nullptr);
}

Result<int> launch_in_background(const std::function<Result<run::Order>()>& make_order,
                                 const Arguments& arguments) {
  auto part = run::Part::fork();
  if (!part || part->status()) {
    return part ? Result<int>(*part->status()) : fail_as(part);
  }
  auto order = make_order();
  return order ? launch_here(std::move(*order), arguments, &*part) : fail_as(order);
}

}  // namespace paddock::cli
