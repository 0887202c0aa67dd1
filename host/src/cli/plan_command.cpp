// paddock plan
#include <unistd.h>

#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/plan_view.hpp"
#include "cli/profile_common.hpp"
#include "plan/planner.hpp"
#include "run/names.hpp"
#include "run/plugins.hpp"

namespace paddock::cli {
namespace {

constexpr int kDiffer = 3;  // "completed, with findings"

/// One profile, planned. The profile stays: its notices are shown.
struct Sheet {
  profile::Profile profile;
  plan::Planned planned;
};

Result<Sheet> plan_of(const std::string& name,
                      const Arguments& arguments,
                      const plugin::Registry& registry) {
  const std::string sandbox = arguments.value("name", "sandbox");
  if (const auto named = run::check_name(sandbox); !named) {
    return fail_as(named);
  }
  const profile::Request request{name, sandbox, arguments.values("set")};
  auto profile = profile::resolve(request, run::context_with(registry));
  if (!profile) {
    return fail_as(profile);
  }
  plan::LaunchFacts facts = plan::current_facts();
  facts.name = sandbox;
  facts.terminal = ::isatty(STDIN_FILENO) == 1;  // standard output may be a pager
  auto planned = plan::explain_plan(*profile, facts, registry, {arguments.value("backend"), {}});
  if (!planned) {
    return fail_as(planned);
  }
  return Sheet{std::move(*profile), std::move(*planned)};
}

Result<int> show_diff(const Sheet& before, const Sheet& after, const Arguments& arguments) {
  auto differences = plan::diff(before.planned.draft.plan, after.planned.draft.plan);
  for (auto& one : plan::diff_hooks(before.planned.draft.hooks, after.planned.draft.hooks)) {
    differences.push_back(std::move(one));
  }
  print(arguments.json
            ? diff_json(before.profile.name, after.profile.name, differences)
            : diff_text(before.profile.name, after.profile.name, differences, arguments.plain));
  return differences.empty() ? 0 : kDiffer;
}

Result<int> run(const Arguments& arguments) {
  const auto registry = run::open_registry();
  if (!registry) {
    return fail_as(registry);
  }
  const auto name = profile_operand(arguments);
  const auto sheet = name ? plan_of(*name, arguments, *registry) : fail_as(name);
  if (!sheet) {
    return fail_as(sheet);
  }
  if (const std::string other = arguments.value("diff"); !other.empty()) {
    const auto after = plan_of(other, arguments, *registry);
    if (!after) {
      return fail_as(after);
    }
    return show_diff(*sheet, *after, arguments);
  }
  return show_plan(sheet->planned, sheet->profile.notices, arguments);
}

constexpr const char* kDescription =
    R"(Goes through a launch up to the backend's answers, and shows the plan: every setting with its value, the file and line that set it, its owner (the profile, a plugin, or paddock itself), the rule by which wishes for it merge, and the backend's answer to it: by what it is enforced on this machine, to whom it is delegated, or why it cannot hold. Below a setting stand the values that it overrides, whether a lower layer of the profile or a plugin said them; every loosening among them is a line of its own (widened), and so is every hook. Then every protection that must hold, with the evidence that is asked for before the command's first instruction. Nothing is changed, and values of environment variables are never shown. Without PROFILE it is the project's own file, as with `paddock run`.

With --diff, shows what a sandbox of OTHER could do that one of PROFILE cannot (gained), and what it can no longer do (lost): one more mount or a writable one, a hook, a capability, a larger limit, another network.

The exit status is 0; 3 when --diff finds a difference; 4 when the plan is refused or cannot be enforced here, as `run` would refuse it, with the reasons after the plan. See `paddock help exit-codes`.)";

}  // namespace

Result<int> show_plan(const plan::Planned& planned,
                      const std::vector<std::string>& notices,
                      const Arguments& arguments) {
  print(arguments.json ? plan_json(planned, notices)
                       : plan_text(planned, notices, arguments.plain));
  return planned.refusal ? Result<int>(Failure(*planned.refusal)) : Result<int>(0);
}

Command plan_command() {
  Command command;
  command.name = "plan";
  command.group = "SEE";
  command.summary = "show what a launch would do, line by line";
  command.description = kDescription;
  command.operands = {{"PROFILE", false, false, "profile"}};
  command.options = {
      {"diff", 0, "OTHER", "compare with the plan of another profile", false, "profile"},
      {"backend", 'b', "ID", "plan for this backend", false, "backend"},
      {"set", 's', "KEY=VALUE", "set a key of the profile; may only narrow", true},
      {"name", 'n', "NAME", "the sandbox's name, for ${name} [sandbox]"},
  };
  command.examples = {
      "paddock plan agent",
      "paddock plan offline --diff agent",
      "paddock plan ./paddock.toml --json",
  };
  command.run = run;
  return command;
}

}  // namespace paddock::cli
