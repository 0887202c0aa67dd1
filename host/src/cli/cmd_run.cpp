// paddock run
#include "base/text.hpp"
#include "cli/launching.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/plan_view.hpp"
#include "cli/profile_common.hpp"
#include "cli/store.hpp"
#include "profile/project.hpp"
#include "profile/source_file.hpp"
#include "run/launch.hpp"

namespace paddock::cli {
namespace {

/// What the command line names, or the project's own, which is said.
Result<std::string> profile_of(const Arguments& arguments) {
  auto profile = profile_operand(arguments);
  if (profile && arguments.operands.empty() && !arguments.quiet && !arguments.json) {
    print_error("paddock: profile '" + printable(*profile) + "'\n");
  }
  return profile;
}

/// How it is to run in the background, if at all. Errors: kUsage.
Result<std::optional<run::BackgroundStreams>> background_of(const Arguments& arguments) {
  const bool terminal = arguments.flag("tty"), input = arguments.flag("interactive");
  if (arguments.flag("detach")) {
    return run::BackgroundStreams{terminal, terminal || input};
  }
  if (terminal || input) {
    return fail(
        ErrorCode::kUsage,
        std::string("option '--") + (terminal ? "tty" : "interactive") + "' goes with '--detach'",
        "in the foreground the command has your input, and a terminal where you have one");
  }
  return std::optional<run::BackgroundStreams>();
}

/// The clone is another folder: paths from here mean what they mean here, and the project's own
/// profile is the branch's.
void take_worktree(const Arguments& arguments, run::Order& order) {
  order.worktree = arguments.value("worktree");
  if (order.worktree.empty()) {
    return;
  }
  std::error_code ignored;
  order.repository = std::filesystem::current_path(ignored).string();
  if (arguments.operands.empty()) {
    order.profile = profile::kProjectPath;
  } else if (profile::is_path_argument(order.profile)) {
    order.profile = std::filesystem::absolute(order.profile, ignored).lexically_normal().string();
  }
}

Result<run::Order> order_of(const Arguments& arguments) {
  auto background = background_of(arguments);
  auto profile = background ? profile_of(arguments) : fail_as(background);
  if (!profile) {
    return fail_as(profile);
  }
  run::Order order;
  order.profile = std::move(*profile);
  order.name = arguments.value("name");
  order.backend = arguments.value("backend");
  order.sets = arguments.values("set");
  order.command = arguments.command;
  order.hooks = !arguments.flag("no-hooks");
  order.background = *background;
  order.discard = arguments.flag("rm");
  take_worktree(arguments, order);
  return order;
}

Result<int> dry_run(run::Session& session, const Arguments& arguments) {
  if (auto planned = run::make_plan(session); !planned) {
    return fail_as(planned);
  }
  plan::rehearse(session.planned);
  return show_plan(session.planned, session.profile.notices, arguments);
}

Result<int> run(const Arguments& arguments) {
  auto order = order_of(arguments);
  if (!order) {
    return fail_as(order);
  }
  if (arguments.flag("dry-run") && !order->worktree.empty()) {
    return fail(ErrorCode::kUsage, "'--dry-run' changes nothing, and '--worktree' makes a clone");
  }
  if (arguments.flag("dry-run")) {
    run::Session session(std::move(*order), open_store());
    return dry_run(session, arguments);
  }
  return launch(std::move(*order), arguments);
}

constexpr const char* kDescription =
    R"(Resolves PROFILE, plans the sandbox, brings it up with a waiting gate as its first process, proves from the kernel's state and by probes inside that every protection of the plan holds, and only then runs COMMAND. Anything short of that is a refusal, and nothing is left behind.

With --json, one object on standard error tells the end (standard output is COMMAND's): exit status, and for each protection its verdict, evidence and mechanism; when paddock fails or refuses, the object is the error. What a shipped profile asks for beyond this machine is said with --verbose, in the plan and in the receipt.

PROFILE is a name (see `paddock profile list`) or a path with a slash or ending in .toml. Without PROFILE it is the project's own, `.paddock/profile.toml`, looked for from the current folder upwards (`paddock help profile` says how far); with one, that file plays no part. COMMAND is taken verbatim: the first word after PROFILE that is no option begins it, and everything after `--` belongs to it; without PROFILE it stands after `--`. Without COMMAND, process.command of the profile is run, or /bin/sh where it says nothing.

Where standard input and output are terminals the command gets a terminal of its own; otherwise the three streams are passed on as they are, but a terminal among them is replaced by a pipe that paddock relays: the user's own terminal never enters a sandbox. A directory as one of them is refused. SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 go to the command. While the sandbox is brought up or cleared away, the first SIGINT stops and rolls back, a second one skips the clean-up and says what is left. Suspending paddock (^Z) does not suspend the sandbox.

With --detach, paddock returns once COMMAND runs, and a process of its own keeps the sandbox: it is its owner, writes what the command writes to a log that is bounded on disk (`paddock logs`), and lets you in (`paddock attach`). It survives your terminal. COMMAND's input is empty unless --interactive or --tty is given. `paddock start` runs it again once it has ended.

With --worktree, the sandbox works on BRANCH of the Git repository of the current folder, in a clone with a store of its own that holds nothing but the history of that branch; a branch that is not there begins at what is checked out. Many can work side by side, and none reaches another or the repository. The clone stays when anything was done in it, for the next sandbox of that branch too, and `paddock worktree fetch BRANCH` brings its commits into the repository. The sandbox is named after PROFILE and BRANCH; the project's own profile is the branch's.

The sandbox ends with the command, and with paddock if that is killed; whatever a killed paddock leaves, the next command clears. The receipt of the launch stays: `paddock receipt NAME`.

The exit status is COMMAND's, 128+n when signal n ended it; 126 when it cannot be executed, 127 when it is not found, and 125 when paddock fails or refuses: then nothing ran. See `paddock help exit-codes`.)";

}  // namespace

Command run_command() {
  Command command;
  command.name = "run";
  command.group = "WORK";
  command.summary = "run a command in a proved sandbox";
  command.description = kDescription;
  command.operands = {{"PROFILE", false, false, "profile"}};
  command.tail = Tail::kOptional;
  command.options = {
      {"name", 'n', "NAME", "the sandbox's name [PROFILE-xxxx]"},
      {"backend", 'b', "ID", "run it with this backend or not at all", false, "backend"},
      {"set", 's', "KEY=VALUE", "set a key of the profile; may only narrow", true},
      {"detach", 'd', "", "go into the background once the command runs, and print the name"},
      {"interactive", 'i', "", "with --detach: an input that `paddock attach` can type at"},
      {"tty", 't', "", "with --detach: a terminal for the command"},
      {"rm", 0, "", "leave no record, receipt or log when it has ended"},
      {"worktree", 'w', "BRANCH", "work on a branch of this repository, in a clone of its own"},
      {"no-hooks", 0, "", "do not call the profile's hooks"},
      {"ledger", 0, "", "show what was proved, on standard error"},
      {"timings", 0, "", "show how long each step took, on standard error"},
      {"dry-run", 0, "", "go up to the backend's answers, and change nothing"},
  };
  command.examples = {
      "paddock run quickstart -- make test",
      "paddock run agent --name claude bash",
      "paddock run agent --worktree feature/login -- make test",
      "paddock run -- make test  # as the project's own profile says",
      "paddock run ./paddock.toml --set resources.memory=1GiB -- npm ci",
  };
  command.run = run;
  return command;
}

}  // namespace paddock::cli
