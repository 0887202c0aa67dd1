// paddock warm
#include "cli/launching.hpp"
#include "cli/listed.hpp"
#include "os/paths.hpp"
#include "run/part.hpp"
#include "run/warm.hpp"

namespace paddock::cli {
namespace {

run::Order order_of(const Arguments& arguments) {
  run::Order order;
  order.profile = arguments.operands.front();
  order.backend = arguments.value("backend");
  order.sets = arguments.values("set");
  order.background = run::BackgroundStreams{arguments.flag("tty"), true};
  order.warm = true;
  return order;
}

Result<int> warm(const Arguments& arguments) {
  const run::Order order = order_of(arguments);
  const run::Store store(os::user_paths().state);
  const auto lock = run::warm_lock(store);
  const auto missing = lock ? run::missing_warm(store, order) : fail_as(lock);
  if (!missing) {
    return fail_as(missing);
  }
  for (std::int64_t made = 0; made < *missing; ++made) {
    auto status = launch(order, arguments);
    if (!status || *status != 0 || run::Part::is_child()) {
      return status;
    }
  }
  return 0;
}

}  // namespace

Command warm_command() {
  Command command;
  command.name = "warm";
  command.group = "WORK";
  command.summary = "keep sandboxes of a profile ready";
  command.description =
      "Makes as many sandboxes as `warm` under [backend] of PROFILE says and as are not there yet: "
      "each is "
      "built, proved, and waits with nothing of any work inside. `paddock run` of the same profile "
      "in the same folder then takes "
      "one, proves it once more with the command that it is to run, and starts that in "
      "milliseconds; it makes up for what it took by "
      "itself, so that this command is only needed before the first run.\n\n"
      "A warm sandbox belongs to one profile, folder, backend and set of --set, and to runs with "
      "or without a terminal. One whose profile, "
      "image, plugins or paddock changed meanwhile is never used, and ended by the next `paddock "
      "warm`; "
      "so is one after an hour. "
      "A run with --name, --json, --ledger or --timings, and a profile with hooks or with "
      "image.pull = \"always\", take none. "
      "`paddock ps` lists them, `paddock stats` tells what they cost, "
      "`paddock stop` ends them.";
  command.operands = {{"PROFILE", true, false, "profile"}};
  command.options = {
      {"tty", 't', "", "for runs on a terminal"},
      {"backend", 'b', "ID", "with this backend or not at all", false, "backend"},
      {"set", 's', "KEY=VALUE", "set a key of the profile; may only narrow", true},
  };
  command.examples = {"paddock warm agent --tty"};
  command.run = warm;
  return command;
}

}  // namespace paddock::cli
