// paddock verify
#include <chrono>

#include "base/node.hpp"
#include "cli/ledger_view.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/verify.hpp"

namespace paddock::cli {
namespace {

constexpr int kFindingsStatus = 3;

Result<int> verify(const Arguments& arguments) {
  const auto store = open_store();
  const auto started = std::chrono::steady_clock::now();
  const auto verified = run::verify(store, arguments.operands.front());
  if (!verified) {
    return fail_as(verified);
  }
  const auto took = std::chrono::steady_clock::now() - started;
  const proof::Ledger& ledger = verified->ledger;
  if (arguments.json) {
    print(to_json(Node(Node::Table{{"schema", Node(std::string("paddock.verify/1"))},
                                   {"name", Node(verified->state.name)},
                                   {"instance", Node(verified->state.instance)},
                                   {"holds", Node(ledger.holds())},
                                   {"ledger", ledger_node(ledger)}})) +
          "\n");
  } else {
    print(ledger_table(ledger, arguments.plain));
    print(arguments.plain
              ? ""
              : failed_checks(ledger) +
                    proof_summary(ledger,
                                  std::chrono::duration_cast<std::chrono::microseconds>(took)) +
                    "\n");
  }
  return ledger.holds() ? 0 : kFindingsStatus;
}

}  // namespace

Command verify_command() {
  Command command;
  command.name = "verify";
  command.group = "SEE";
  command.summary = "prove a running sandbox once more";
  command.description =
      "Reads the kernel's state of the first process of sandbox NAME again, lets a fresh gate "
      "inside try "
      "every probe again, asks the hardeners what they see, and shows the ledger. Nothing is taken "
      "from "
      "the first proof.\n\n"
      "Exit status: 0 when everything holds, 3 when something does not.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.examples = {"paddock verify claude", "paddock verify --json claude"};
  command.run = verify;
  return command;
}

}  // namespace paddock::cli
