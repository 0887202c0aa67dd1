// paddock run
#include <unistd.h>

#include "base/node.hpp"
#include "base/render.hpp"
#include "cli/ledger_view.hpp"
#include "cli/listed.hpp"
#include "cli/outcome_view.hpp"
#include "cli/output.hpp"
#include "cli/plan_view.hpp"
#include "cli/store.hpp"
#include "run/launch.hpp"

namespace paddock::cli {
namespace {

run::Order order_of(const Arguments& arguments) {
  run::Order order;
  order.profile = arguments.operands.front();
  order.name = arguments.value("name");
  order.backend = arguments.value("backend");
  order.sets = arguments.values("set");
  order.command = arguments.command;
  order.hooks = !arguments.flag("no-hooks");
  return order;
}

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

Result<int> dry_run(run::Session& session, const Arguments& arguments) {
  if (auto planned = run::make_plan(session); !planned) {
    return fail_as(planned);
  }
  plan::rehearse(session.planned);
  return show_plan(session.planned, session.profile.notices, arguments);
}

Result<int> run(const Arguments& arguments) {
  run::SignalWatch signals;
  run::Session session(order_of(arguments), open_store());
  if (arguments.flag("dry-run")) {
    return dry_run(session, arguments);
  }
  const auto outcome = run::launch(
      session, signals, [&](const run::Session& proved) { announce(proved, arguments); });
  if (!outcome) {
    return fail_as(outcome);
  }
  tell_end(session, *outcome, arguments);
  return outcome->exit_code;
}

constexpr const char* kDescription =
    R"(Resolves PROFILE, plans the sandbox, brings it up with a waiting gate as its first process, proves from the kernel's state and by probes inside that every protection of the plan holds, and only then runs COMMAND. Anything short of that is a refusal, and nothing is left behind.

With --json, one object on standard error tells the end (standard output is COMMAND's): exit status, and for each protection its verdict, evidence and mechanism; when paddock fails or refuses, the object is the error. What a shipped profile asks for beyond this machine is said with --verbose, in the plan and in the receipt.

PROFILE is a name (see `paddock profile list`) or a path with a slash or ending in .toml. COMMAND is taken verbatim: the first word after PROFILE that is no option begins it, and everything after `--` belongs to it. Without COMMAND, process.command of the profile is run, or /bin/sh where it says nothing.

Where standard input and output are terminals the command gets a terminal of its own; otherwise the three streams are passed on as they are, but a terminal among them is replaced by a pipe that paddock relays: the user's own terminal never enters a sandbox. A directory as one of them is refused. SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 go to the command. While the sandbox is brought up or cleared away, the first SIGINT stops and rolls back, a second one skips the clean-up and says what is left. Suspending paddock (^Z) does not suspend the sandbox.

The sandbox ends with the command, and with paddock if that is killed; whatever a killed paddock leaves, the next command clears. The receipt of the launch stays: `paddock receipt NAME`.

The exit status is COMMAND's, 128+n when signal n ended it; 126 when it cannot be executed, 127 when it is not found, and 125 when paddock fails or refuses: then nothing ran. See `paddock help exit-codes`.)";

}  // namespace

Command run_command() {
  Command command;
  command.name = "run";
  command.group = "WORK";
  command.summary = "run a command in a proved sandbox";
  command.description = kDescription;
  command.operands = {{"PROFILE", true, false, "profile"}};
  command.tail = Tail::kOptional;
  command.options = {
      {"name", 'n', "NAME", "the sandbox's name [PROFILE-xxxx]"},
      {"backend", 'b', "ID", "run it with this backend or not at all", false, "backend"},
      {"set", 's', "KEY=VALUE", "set a key of the profile; may only narrow", true},
      {"no-hooks", 0, "", "do not call the profile's hooks"},
      {"ledger", 0, "", "show what was proved, on standard error"},
      {"timings", 0, "", "show how long each step took, on standard error"},
      {"dry-run", 0, "", "go up to the backend's answers, and change nothing"},
  };
  command.examples = {
      "paddock run quickstart -- make test",
      "paddock run agent --name claude bash",
      "paddock run ./paddock.toml --set resources.memory=1GiB -- npm ci",
  };
  command.run = run;
  return command;
}

}  // namespace paddock::cli
