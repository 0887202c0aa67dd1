#include "cli/executing.hpp"

#include <chrono>

#include "cli/ledger_view.hpp"
#include "cli/outcome_view.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/exec.hpp"

namespace paddock::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// What is known before the command begins.
struct Proved {
  run::State state;
  proof::Ledger ledger;
};

void tell_end(const Proved& proved, const run::Outcome& outcome, const Arguments& arguments) {
  if (arguments.json) {
    print_outcome(outcome_table("paddock.exec/1", proved.state, proved.ledger, outcome));
  } else {
    warn_of_memory(proved.state, outcome);
  }
}

}  // namespace

Result<int> execute(const std::vector<std::string>& words, const Arguments& arguments) {
  run::SignalWatch signals;
  const auto started = Clock::now();
  Proved proved;
  const auto announce = [&](const run::State& state, const proof::Ledger& ledger) {
    proved = {state, ledger};
    if (arguments.verbose > 0 && !arguments.json) {
      const auto took =
          std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started);
      print_error("paddock: " + proof_summary(ledger, took) + "\n");
    }
  };
  const auto outcome =
      run::exec(open_store(), {arguments.operands.front(), words}, signals, announce);
  if (!outcome) {
    return fail_as(outcome);
  }
  tell_end(proved, *outcome, arguments);
  return outcome->exit_code;
}

}  // namespace paddock::cli
