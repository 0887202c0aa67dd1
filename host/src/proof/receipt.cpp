#include "proof/receipt.hpp"

#include <map>

#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "paddock/contract/enum_names.hpp"
#include "paddock/contract/leaves.hpp"

namespace paddock::proof {
namespace {

// std::map underneath: members come out sorted, which is what makes the text canonical.
using Json = nlohmann::json;

constexpr const char* kSchema = "paddock.receipt/1";

/// Compact UTF-8; bytes that are none (a file name) become U+FFFD, so that it always is JSON.
std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "holds";
    case Verdict::kFails:
      return "fails";
    case Verdict::kNotEnforced:
      return "not-enforced";
    case Verdict::kAssumed:
      return "assumed";
  }
  return "fails";
}

Json json_of(const Check& check) {
  return {{"subject", check.subject},
          {"kind", check.kind},
          {"what", check.what},
          {"expected", check.expected},
          {"seen", check.seen},
          {"holds", check.holds},
          {"evidence", std::string(contract::enum_name(check.evidence))}};
}

Json json_of(const Entry& entry) {
  Json checks = Json::array();
  for (const Check& check : entry.checks) {
    checks.push_back(json_of(check));
  }
  return {{"protection", entry.protection},
          {"leaves", entry.leaves},
          {"mechanism", entry.mechanism},
          {"evidence", std::string(contract::enum_name(entry.evidence))},
          {"verdict", verdict_name(entry.verdict)},
          {"checks", std::move(checks)}};
}

Json plugins_of(const ReceiptFacts& facts) {
  Json plugins = Json::array();
  for (const ReceiptPlugin& plugin : facts.plugins) {
    plugins.push_back({{"id", plugin.id}, {"version", plugin.version}, {"digest", plugin.digest}});
  }
  return plugins;
}

Json place_of(const SourcePos& where) {
  return where.line == 0 ? Json()
                         : Json(where.file + ":" + std::to_string(where.line) + ":" +
                                std::to_string(where.column));
}

Json answer_of(const contract::Answer& answer) {
  const bool refused = answer.status == contract::AnswerStatus::kNotEnforced;
  return {{"status", std::string(contract::enum_name(answer.status))},
          {refused ? "why" : "mechanism", refused ? answer.why : answer.mechanism}};
}

/// Each leaf with who set it and where, and the backend's answer. Values of environment variables
/// may be secrets, so only their names appear.
Json leaves_of(const plan::Draft& draft, const contract::PrepareReply& prepared) {
  const plan::Answers answers = plan::leaf_answers(draft.plan, prepared);
  Json leaves = Json::array();
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    const bool secret = leaf.pointer.starts_with("/process/environment/");
    Json row = {{"path", leaf.pointer},
                {"value", secret ? Json() : Json::parse(leaf.value, nullptr, false)},
                {"answer", answer_of(answers.at(leaf.pointer))}};
    const auto origin = draft.origins.find(leaf.pointer);
    if (origin != draft.origins.end() && !origin->second.empty()) {
      row["owner"] = origin->second.front().owner;
      row["where"] = place_of(origin->second.front().where);
    }
    leaves.push_back(std::move(row));
  }
  return leaves;
}

/// An object's members by name, their values in canonical form already.
using Members = std::map<std::string, std::string>;

std::string object_of(const Members& members) {
  std::string text;
  for (const auto& [name, value] : members) {
    text.append(text.empty() ? "{" : ",").append(dump(name)).append(":").append(value);
  }
  return text + "}";
}

Failure corrupt(const std::string& why) {
  return fail(ErrorCode::kStateCorrupt, "the receipt " + why);
}

}  // namespace

std::string leaves_json(const plan::Draft& draft, const contract::PrepareReply& prepared) {
  return dump(leaves_of(draft, prepared));
}

std::string receipt_json(const ReceiptFacts& facts,
                         const plan::Draft& draft,
                         const std::string& leaves,
                         const Ledger& ledger) {
  Json entries = Json::array();
  for (const Entry& entry : ledger.entries) {
    entries.push_back(json_of(entry));
  }
  Json receipt = {{"schema", kSchema},
                  {"name", facts.name},
                  {"instance", facts.instance},
                  {"backend", facts.backend},
                  {"started_at", facts.started_at},
                  {"profile", draft.plan.profile},
                  {"profile_digest", facts.profile_digest},
                  {"plan_digest", facts.plan_digest},
                  {"gate_digest", facts.gate_digest},
                  {"plugins", plugins_of(facts)},
                  {"ledger", std::move(entries)},
                  {"holds", ledger.holds()},
                  {"dropped", draft.dropped},
                  {"widenings", draft.widenings},
                  {"notices", draft.notices}};
  for (const std::string& aside : draft.asides) {
    receipt["notices"].push_back(aside);
  }
  Members members{{"leaves", leaves}};
  for (const auto& [name, value] : receipt.items()) {
    members[name] = dump(value);
  }
  members["digest"] = dump(sha256(object_of(members)));
  return object_of(members);
}

Result<void> check_receipt(std::string_view json) {
  Json receipt = Json::parse(json, nullptr, false);
  if (!receipt.is_object()) {
    return corrupt("is not JSON");
  }
  if (receipt.value("schema", Json()) != kSchema) {
    return corrupt("is not of schema '" + std::string(kSchema) + "'");
  }
  const Json digest = receipt.value("digest", Json());
  receipt.erase("digest");
  if (!digest.is_string() || digest != sha256(dump(receipt))) {
    return corrupt("does not match its digest");
  }
  // A key that stands twice, or blanks, would be read over: the bytes are what was written.
  receipt["digest"] = digest;
  return dump(receipt) == json ? Result<void>{} : corrupt("is not in canonical form");
}

}  // namespace paddock::proof
