#include "cli/ledger_view.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/output.hpp"
#include "paddock/contract/enum_names.hpp"

namespace paddock::cli {
namespace {

Style verdict_style(proof::Verdict verdict) {
  return verdict == proof::Verdict::kHolds   ? Style::kGood
         : verdict == proof::Verdict::kFails ? Style::kBad
                                             : Style::kWarn;
}

Node check_node(const proof::Check& check) {
  return Node(Node::Table{{"subject", Node(check.subject)},
                          {"kind", Node(check.kind)},
                          {"what", Node(check.what)},
                          {"expected", Node(check.expected)},
                          {"seen", Node(check.seen)},
                          {"holds", Node(check.holds)}});
}

Node::Table verdict_table(const proof::Entry& entry) {
  return {{"protection", Node(entry.protection)},
          {"verdict", Node(std::string(verdict_text(entry.verdict)))},
          {"mechanism", Node(entry.mechanism)},
          {"evidence", Node(std::string(contract::enum_name(entry.evidence)))}};
}

Node entry_node(const proof::Entry& entry) {
  Node::Array leaves, checks;
  for (const std::string& leaf : entry.leaves) {
    leaves.emplace_back(leaf);
  }
  for (const proof::Check& check : entry.checks) {
    checks.push_back(check_node(check));
  }
  Node::Table table = verdict_table(entry);
  table["leaves"] = Node(std::move(leaves));
  table["checks"] = Node(std::move(checks));
  return Node(std::move(table));
}

}  // namespace

std::string_view verdict_text(proof::Verdict verdict) {
  switch (verdict) {
    case proof::Verdict::kHolds:
      return "ok";
    case proof::Verdict::kFails:
      return "FAIL";
    case proof::Verdict::kNotEnforced:
      return "not enforced";
  }
  return "?";
}

std::string proof_summary(const proof::Ledger& ledger, std::chrono::microseconds took) {
  std::size_t held = 0;
  std::vector<std::string> unenforced;
  for (const proof::Entry& entry : ledger.entries) {
    held += entry.verdict == proof::Verdict::kHolds ? 1 : 0;
    if (entry.verdict == proof::Verdict::kNotEnforced) {
      unenforced.push_back(entry.protection);
    }
  }
  std::string text = "proved " + std::to_string(held) + " of " +
                     std::to_string(ledger.entries.size()) + " protections in " +
                     std::to_string((took.count() + 500) / 1000) + " ms";
  if (!unenforced.empty()) {
    text += "; not enforced: " + join(unenforced, ", ");
  }
  return text;
}

std::string ledger_table(const proof::Ledger& ledger, bool plain, int fd) {
  TableView table;
  table.header = {"PROTECTION", "VERDICT", "EVIDENCE", "CHECKS", "MECHANISM"};
  for (const proof::Entry& entry : ledger.entries) {
    const auto held = std::count_if(entry.checks.begin(), entry.checks.end(),
                                    [](const proof::Check& check) { return check.holds; });
    table.rows.push_back(
        {{entry.protection, Style::kNone},
         {std::string(verdict_text(entry.verdict)), verdict_style(entry.verdict)},
         {std::string(contract::enum_name(entry.evidence)), Style::kNone},
         {std::to_string(held) + "/" + std::to_string(entry.checks.size()), Style::kNone},
         {entry.mechanism, Style::kNone}});
  }
  return render_table(table, plain, fd);
}

std::string failed_checks(const proof::Ledger& ledger) {
  std::string out;
  for (const proof::Entry& entry : ledger.entries) {
    for (const proof::Check& check : entry.checks) {
      if (!check.holds) {
        out += printable(entry.protection + ": " + check.what + ": expected " + check.expected +
                         ", seen " + check.seen) +
               "\n";
      }
    }
  }
  return out;
}

Node verdicts_node(const proof::Ledger& ledger) {
  Node::Array entries;
  for (const proof::Entry& entry : ledger.entries) {
    entries.emplace_back(verdict_table(entry));
  }
  return Node(std::move(entries));
}

Node ledger_node(const proof::Ledger& ledger) {
  Node::Array entries;
  for (const proof::Entry& entry : ledger.entries) {
    entries.push_back(entry_node(entry));
  }
  return Node(std::move(entries));
}

}  // namespace paddock::cli
