// paddock receipt
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "proof/receipt.hpp"

namespace paddock::cli {
namespace {

std::string plain_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Scalars first, one a line; then the ledger and the plugins as tables of their scalars.
std::string summary(const nlohmann::json& receipt) {
  TableView facts;
  for (const auto& [key, value] : receipt.items()) {
    if (value.is_primitive()) {
      facts.rows.push_back({{key, Style::kDim}, {plain_text(value), Style::kNone}});
    }
  }
  return render_table(facts, false);
}

std::string list_table(const nlohmann::json& list) {
  TableView table;
  for (const auto& item : list) {
    std::vector<Cell> row;
    std::vector<std::string> header;
    for (const auto& [key, value] : item.items()) {
      if (value.is_primitive()) {
        header.push_back(key);
        row.push_back({plain_text(value), Style::kNone});
      } else if (key == "checks") {
        header.push_back(key);
        row.push_back({std::to_string(value.size()), Style::kNone});
      }
    }
    table.header = header;
    table.rows.push_back(std::move(row));
  }
  return render_table(table, false);
}

std::string pretty(const std::string& text) {
  const auto receipt = nlohmann::json::parse(text, nullptr, false);
  if (receipt.is_discarded() || !receipt.is_object()) {
    return text;
  }
  std::string out = summary(receipt);
  for (const auto& [key, value] : receipt.items()) {
    if (value.is_array() && !value.empty() && value.front().is_object()) {
      out += "\n" + styled(key, Style::kBold) + "\n" + list_table(value);
    }
  }
  return out;
}

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
  } else {
    print(pretty(*text));
  }
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
      "with "
      "which plugins and gate (each by its digest), and everything that was proved. The receipt's "
      "own digest is "
      "checked first.\n\n"
      "With --json it is the receipt as stored, byte for byte: canonical JSON (sorted keys, no "
      "blanks) whose member "
      "`digest` is the SHA-256 of the document without that member. The receipts of at least the "
      "last 20 "
      "sandboxes that "
      "ended are kept.";
  command.operands = {{"NAME", true, false, "record"}};
  command.examples = {"paddock receipt claude", "paddock receipt --json claude > receipt.json"};
  command.run = receipt;
  return command;
}

}  // namespace paddock::cli
