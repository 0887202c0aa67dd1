#include "cli/ledger_view.hpp"

#include <algorithm>
#include <map>

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
                          {"evidence", Node(std::string(contract::enum_name(check.evidence)))},
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
    case proof::Verdict::kAssumed:
      return "assumed";
  }
  return "?";
}

std::string proof_summary(const proof::Ledger& ledger, std::chrono::microseconds took) {
  std::map<proof::Verdict, std::vector<std::string>> names;
  std::vector<std::string> told;
  for (const proof::Entry& entry : ledger.entries) {
    const bool word = entry.verdict == proof::Verdict::kHolds && !entry.is_proved();
    (word ? told : names[entry.verdict]).push_back(entry.protection);
  }
  std::string text = "proved " + std::to_string(names[proof::Verdict::kHolds].size()) + " of " +
                     std::to_string(ledger.entries.size()) + " protections in " +
                     std::to_string((took.count() + 500) / 1000) + " ms";
  if (!told.empty()) {
    text += "; by a plugin's word alone: " + join(told, ", ");
  }
  for (const proof::Verdict verdict : {proof::Verdict::kAssumed, proof::Verdict::kNotEnforced}) {
    if (!names[verdict].empty()) {
      text += "; " + std::string(verdict_text(verdict)) + ": " + join(names[verdict], ", ");
    }
  }
  return text;
}

std::string ledger_table(const proof::Ledger& ledger, bool plain, int fd) {
  TableView table;
  table.header = {"PROTECTION", "VERDICT", "EVIDENCE", "CHECKS", "MECHANISM"};
  for (const proof::Entry& entry : ledger.entries) {
    const auto held =
        std::count_if(entry.checks.begin(), entry.checks.end(), [](const proof::Check& check) {
          return check.holds && check.evidence != contract::Evidence::kAssumed;
        });
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
