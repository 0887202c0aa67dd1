// paddock exec
#include <unistd.h>

#include <chrono>

#include "cli/ledger_view.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/exec.hpp"

namespace paddock::cli {
namespace {

Result<int> exec(const Arguments& arguments) {
  if (arguments.command.empty()) {
    return fail(ErrorCode::kUsage, "there is no command to run",
                "write it after the sandbox's name");
  }
  run::SignalWatch signals;
  const auto store = open_store();
  const auto started = std::chrono::steady_clock::now();
  const auto announce = [&](const proof::Ledger& ledger) {
    if (arguments.verbose > 0 && !arguments.json) {
      const auto took = std::chrono::steady_clock::now() - started;
      print_error(
          "paddock: " +
          proof_summary(ledger, std::chrono::duration_cast<std::chrono::microseconds>(took)) +
          "\n");
    }
  };
  const auto outcome =
      run::exec(store, {arguments.operands.front(), arguments.command}, signals, announce);
  return outcome ? Result<int>(outcome->exit_code) : fail_as(outcome);
}

}  // namespace

Command exec_command() {
  Command command;
  command.name = "exec";
  command.group = "WORK";
  command.summary = "run one more command in a running sandbox";
  command.description =
      "Starts the gate once more inside the running sandbox NAME, under the same confinement as "
      "its first "
      "process, proves that process too, and then runs COMMAND as it. There is no option that "
      "loosens "
      "anything: not another user, not more privileges.\n\n"
      "Terminal, streams, signals and exit status are as with `paddock run`.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.takes_command = true;
  command.examples = {"paddock exec claude -- git status", "paddock exec claude bash"};
  command.run = exec;
  return command;
}

}  // namespace paddock::cli
