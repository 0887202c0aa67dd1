// The JSON of `paddock plan`.
#include "base/render.hpp"
#include "cli/plan_rows.hpp"
#include "cli/plan_view.hpp"
#include "paddock/contract/json_value.hpp"

namespace paddock::cli {
namespace {

using contract::JsonMember;
using contract::JsonType;
using contract::JsonValue;

JsonValue text(std::string value) {
  JsonValue out;
  out.type = JsonType::kText;
  out.text = std::move(value);
  return out;
}

JsonValue boolean(bool value) {
  JsonValue out;
  out.type = JsonType::kBoolean;
  out.boolean = value;
  return out;
}

JsonValue object(std::vector<JsonMember> members) {
  JsonValue out;
  out.type = JsonType::kObject;
  out.members = std::move(members);
  return out;
}

template <typename Item, typename Make>
JsonValue array(const std::vector<Item>& items, Make make) {
  JsonValue out;
  out.type = JsonType::kArray;
  for (const Item& item : items) {
    out.items.push_back(make(item));
  }
  return out;
}

/// A value that is JSON already; a word of ours ("removed") becomes a string.
JsonValue value(const std::string& json) {
  auto parsed = contract::parse_json(json);
  return parsed ? std::move(*parsed) : text(json);
}

JsonValue place(const SourcePos& where) {
  if (where.line == 0) {
    return {};
  }
  const auto number = [](std::uint32_t count) {
    JsonValue out;
    out.type = JsonType::kInteger;
    out.integer = count;
    return out;
  };
  return object(
      {{"file", text(where.file)}, {"line", number(where.line)}, {"column", number(where.column)}});
}

JsonValue origin(const plan::Origin& from) {
  return object({{"owner", text(from.owner)},
                 {"from", place(from.where)},
                 {"layer", text(from.layer)},
                 {"reason", text(from.reason)},
                 {"value", value(from.value)}});
}

JsonValue here(const HereRow& row) {
  if (row.status == HereRow::Status::kUnsaid) {
    return {};
  }
  return object({{"protection", row.protection.empty() ? JsonValue{} : text(row.protection)},
                 {"status", text(std::string(status_name(row.status)))},
                 {takes_on(row.status) ? "mechanism" : "reason", text(row.mechanism)},
                 {"evidence", row.evidence.empty() ? JsonValue{} : text(row.evidence)}});
}

JsonValue leaf(const LeafRow& row) {
  const std::vector<plan::Origin> overridden(row.origins.begin() + 1, row.origins.end());
  return object({{"path", text(row.pointer)},
                 {"setting", text(setting_name(row.pointer))},
                 {"value", value(row.value)},
                 {"rule", text(row.rule)},
                 {"meaning", text(row.meaning)},
                 {"owner", origin(row.origins.front())},
                 {"overrides", array(overridden, origin)},
                 {"here", here(row.here)}});
}

JsonValue hook(const plan::HookCall& call) {
  return object({{"id", text(call.id)},
                 {"phase", text(call.phase)},
                 {"from", place(call.origin.where)},
                 {"layer", text(call.origin.layer)},
                 {"options", value(call.options)}});
}

JsonValue rejected(const plan::Rejected& one) {
  return object({{"backend", text(one.backend)},
                 {"code", text(code_text(one.error.code))},
                 {"what", text(one.error.what)}});
}

std::string_view power_name(plan::Difference::Power power) {
  switch (power) {
    case plan::Difference::Power::kGained:
      return "gained";
    case plan::Difference::Power::kLost:
      return "lost";
    case plan::Difference::Power::kChanged:
      return "changed";
  }
  return "changed";
}

}  // namespace

std::string plan_json(const plan::Planned& planned, const std::vector<std::string>& notices) {
  const plan::Draft& draft = planned.draft;
  const Backend backend = backend_of(planned);
  std::vector<std::string> all = notices;
  all.insert(all.end(), draft.notices.begin(), draft.notices.end());
  all.insert(all.end(), draft.asides.begin(), draft.asides.end());
  const JsonValue document = object(
      {{"schema", text("paddock.plan/1")},
       {"profile", text(draft.plan.profile)},
       {"name", text(draft.plan.name)},
       {"digest", text(plan::digest(draft.plan))},
       {"backend", planned.backend == nullptr ? JsonValue{} : text(backend.id)},
       {"leaves", array(leaf_rows(planned), leaf)},
       {"protections", array(here_rows(planned), here)},
       {"rejected", array(planned.rejected, rejected)},
       {"hooks", array(draft.hooks, hook)},
       {"widenings", array(draft.widenings, [](const std::string& line) { return text(line); })},
       {"left_out", array(draft.dropped, [](const std::string& line) { return text(line); })},
       {"notices", array(all, [](const std::string& line) { return text(line); })}});
  return contract::json_text(document) + "\n";
}

std::string diff_json(const std::string& before,
                      const std::string& after,
                      const std::vector<plan::Difference>& differences) {
  const auto difference = [](const plan::Difference& one) {
    const auto side = [](const std::string& json) {
      return json.empty() ? JsonValue{} : value(json);
    };
    return object({{"power", text(std::string(power_name(one.power)))},
                   {"path", text(one.pointer)},
                   {"before", side(one.before)},
                   {"after", side(one.after)},
                   {"meaning", text(one.meaning)}});
  };
  const JsonValue document = object({{"schema", text("paddock.plan-diff/1")},
                                     {"before", text(before)},
                                     {"after", text(after)},
                                     {"same", boolean(differences.empty())},
                                     {"differences", array(differences, difference)}});
  return contract::json_text(document) + "\n";
}

}  // namespace paddock::cli
