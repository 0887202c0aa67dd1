// The ledger from checks.
#include <algorithm>
#include <map>

#include "plan/required.hpp"
#include "proof/proof.hpp"

namespace paddock::proof {
namespace {

/// The backend's words for the leaves that ask, each once; else its general word.
std::string mechanism_of(const Subject& subject, const Entry& entry) {
  std::vector<std::string> words;
  for (const contract::Answer& answer : subject.prepared.answers) {
    const bool asks =
        std::find(entry.leaves.begin(), entry.leaves.end(), answer.path) != entry.leaves.end();
    if (asks && !answer.mechanism.empty() &&
        std::find(words.begin(), words.end(), answer.mechanism) == words.end()) {
      words.push_back(answer.mechanism);
    }
  }
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : "; ") + word;
  }
  for (const contract::ProtectionSupport& support : subject.backend.protections) {
    if (text.empty() && support.protection == entry.protection) {
      text = support.mechanism;
    }
  }
  return text;
}

constexpr const char* kPluginKind = "plugin";

Check finding_check(const contract::Finding& finding) {
  // A plugin cannot claim to have seen more than it can: its word is a report.
  return {finding.protection,
          "",
          kPluginKind,
          "a plugin's own check",
          "holds",
          finding.seen,
          finding.holds,
          std::min(finding.evidence, contract::Evidence::kReported)};
}

void add_check(Entry& entry, Check check) {
  entry.evidence = std::max(entry.evidence, check.evidence);
  entry.checks.push_back(std::move(check));
}

Entry& entry_of(std::map<std::string, Entry>& entries, const std::string& protection) {
  Entry& entry = entries[protection];
  entry.protection = protection;
  return entry;
}

bool is_assumed(const Check& check) {
  return check.evidence == contract::Evidence::kAssumed;
}

std::vector<std::string> leaves_of(const plan::AskingLeaves& asking,
                                   const std::string& protection) {
  const auto found = asking.find(protection);
  return found == asking.end() ? std::vector<std::string>{} : found->second;
}

void settle(const Subject& subject, Entry& entry) {
  entry.mechanism = mechanism_of(subject, entry);
  const bool all = std::all_of(entry.checks.begin(), entry.checks.end(),
                               [](const Check& check) { return check.holds; });
  // What is assumed in part is not proved, whatever the rest showed.
  const bool assumed = std::any_of(entry.checks.begin(), entry.checks.end(), is_assumed);
  entry.evidence = assumed ? contract::Evidence::kAssumed : entry.evidence;
  entry.verdict = !all || entry.checks.empty() ? Verdict::kFails
                  : assumed                    ? Verdict::kAssumed
                                               : Verdict::kHolds;
}

void add_findings(std::map<std::string, Entry>& entries,
                  const std::vector<contract::Finding>& findings) {
  for (const contract::Finding& finding : findings) {
    // What nobody asked for is no line of the proof, unless it speaks against the sandbox.
    if (!finding.holds || entries.count(finding.protection) != 0) {
      add_check(entry_of(entries, finding.protection), finding_check(finding));
    }
  }
}

}  // namespace

bool Entry::is_plugins_word() const {
  return !checks.empty() && std::all_of(checks.begin(), checks.end(), [](const Check& check) {
    return check.kind == kPluginKind;
  });
}

bool Ledger::holds() const {
  return std::none_of(entries.begin(), entries.end(),
                      [](const Entry& entry) { return entry.verdict == Verdict::kFails; });
}

Ledger assemble(const Subject& subject,
                std::vector<Check> checks,
                const std::vector<contract::VerifyReply>& plugin_findings) {
  std::map<std::string, Entry> entries;
  for (const std::string& protection : subject.draft.required) {
    entry_of(entries, protection);
  }
  for (Check& check : checks) {
    Entry& entry = entry_of(entries, check.protection);
    add_check(entry, std::move(check));
  }
  add_findings(entries, subject.sandbox.findings);
  for (const contract::VerifyReply& reply : plugin_findings) {
    add_findings(entries, reply.findings);
  }
  Ledger ledger;
  const plan::AskingLeaves asking = plan::asking_leaves(subject.draft);
  for (auto& [protection, entry] : entries) {
    entry.leaves = leaves_of(asking, protection);
    settle(subject, entry);
    ledger.entries.push_back(std::move(entry));
  }
  for (const auto& [protection, why] : subject.draft.unenforced) {
    Entry entry;
    entry.protection = protection;
    entry.leaves = leaves_of(asking, protection);
    entry.mechanism = why;
    entry.verdict = Verdict::kNotEnforced;
    ledger.entries.push_back(std::move(entry));
  }
  std::sort(ledger.entries.begin(), ledger.entries.end(),
            [](const Entry& a, const Entry& b) { return a.protection < b.protection; });
  return ledger;
}

}  // namespace paddock::proof
