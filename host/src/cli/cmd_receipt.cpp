// paddock receipt
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/receipt_view.hpp"
#include "cli/store.hpp"
#include "proof/receipt.hpp"

namespace paddock::cli {
namespace {

Result<int> receipt(const Arguments& arguments) {
  const std::string& name = arguments.operands.front();
  const auto store = open_store();
  auto text = store.read_receipt(name);
  if (!text) {
    return fail_as(text);
  }
  if (auto checked = proof::check_receipt(*text); !checked) {
    return fail_as(checked);
  }
  if (arguments.json) {
    print(*text + (text->empty() || text->back() != '\n' ? "\n" : ""));
    return 0;
  }
  const auto shown = receipt_text(*text, arguments.plain);
  if (!shown) {
    return fail_as(shown);
  }
  print(*shown);
  return 0;
}

}  // namespace

Command receipt_command() {
  Command command;
  command.name = "receipt";
  command.group = "SEE";
  command.summary = "show the record of a launch";
  command.description =
      "Shows the receipt of sandbox NAME, running or ended: what was launched, from which profile, "
      "with which plugins and gate (each by its digest), everything that was proved, and every "
      "setting with the backend's answer. The receipt's own digest is checked first.\n\n"
      "With --plain, one record a line, whose first field says what it is: fact, plugin, ledger, "
      "leaf, dropped, widening or notice.\n\n"
      "With --json it is the receipt as stored, byte for byte: canonical JSON (sorted keys, no "
      "blanks) whose member `digest` is the SHA-256 of the document without that member. The "
      "receipts of at least the last 20 sandboxes that ended are kept.";
  command.operands = {{"NAME", true, false, "record"}};
  command.examples = {"paddock receipt claude", "paddock receipt --json claude > receipt.json"};
  command.run = receipt;
  return command;
}

}  // namespace paddock::cli
