#include "cli/plan_rows.hpp"

#include <algorithm>
#include <array>

#include "paddock/contract/protections.hpp"
#include "plan/builder.hpp"
#include "plan/required.hpp"

namespace paddock::cli {
namespace {

std::string rule_text(contract::Merge merge) {
  switch (merge) {
    case contract::Merge::kExclusive:
      return "exclusive";
    case contract::Merge::kTrue:
      return "narrow: true";
    case contract::Merge::kLess:
      return "narrow: less";
    case contract::Merge::kSubset:
      return "narrow: subset";
    case contract::Merge::kSuperset:
      return "narrow: superset";
    case contract::Merge::kLattice:
      return "narrow: stricter";
    case contract::Merge::kMoreBits:
      return "narrow: more bits";
    case contract::Merge::kKeyed:
      return "keyed";
  }
  return "?";
}

std::string evidence_of(const std::string& protection) {
  const contract::Protection* row = contract::find_protection(protection);
  return row != nullptr ? std::string(row->evidence) : "what the plugin that asked for it reports";
}

using Status = HereRow::Status;

/// By the backend's `probe`.
HereRow here(const plan::Planned& planned, const Backend& backend, const std::string& protection) {
  HereRow row{protection, Status::kCannotHold, "", evidence_of(protection)};
  const auto let_go = planned.draft.unenforced.find(protection);
  if (let_go != planned.draft.unenforced.end()) {
    row.status = Status::kLetGo;
    row.mechanism = let_go->second;
    return row;
  }
  if (backend.probe == nullptr) {
    row.mechanism = "no backend";
    return row;
  }
  const auto& support = backend.probe->protections;
  const auto found = std::find_if(support.begin(), support.end(),
                                  [&](const auto& one) { return one.protection == protection; });
  if (found == support.end()) {
    row.mechanism =
        backend.probe->available ? "the backend says nothing about it" : backend.probe->reason;
    return row;
  }
  row.status = found->supported ? Status::kSupported : Status::kCannotHold;
  row.mechanism = found->supported ? found->mechanism : found->reason;
  return row;
}

/// By the backend's own answer to a leaf.
HereRow here(const plan::Planned& planned,
             const contract::Answer& answer,
             const std::string& protection) {
  HereRow row{protection, Status::kEnforced, answer.mechanism,
              protection.empty() ? "" : evidence_of(protection)};
  if (answer.status == contract::AnswerStatus::kDelegated) {
    row.status = Status::kDelegated;
  } else if (answer.status == contract::AnswerStatus::kNotEnforced) {
    const bool let_go = planned.draft.unenforced.count(protection) != 0;
    row.status = let_go ? Status::kLetGo : Status::kCannotHold;
    row.mechanism = answer.why;
  }
  return row;
}

}  // namespace

std::string_view status_name(Status status) {
  constexpr std::array<std::string_view, 6> kNames{"",          "supported",  "enforced",
                                                   "delegated", "unenforced", "unsupported"};
  return kNames.at(static_cast<std::size_t>(status));
}

bool takes_on(Status status) {
  return status == Status::kSupported || status == Status::kEnforced ||
         status == Status::kDelegated;
}

Backend backend_of(const plan::Planned& planned) {
  if (planned.backend != nullptr) {
    return {planned.backend->manifest().id, &planned.probe};
  }
  if (planned.rejected.empty()) {
    return {};
  }
  return {planned.rejected.front().backend, &planned.rejected.front().probe};
}

std::vector<LeafRow> leaf_rows(const plan::Planned& planned) {
  const plan::Draft& draft = planned.draft;
  const Backend backend = backend_of(planned);
  const bool rehearsed = !planned.prepared.answers.empty();
  const plan::Answers answers = plan::leaf_answers(draft.plan, planned.prepared);
  std::vector<LeafRow> rows;
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    LeafRow row;
    row.pointer = leaf.pointer;
    row.value = plan::shown_value(leaf.pointer, leaf.value);
    row.rule = rule_text(leaf.rule->merge);
    row.meaning = std::string(leaf.rule->meaning);
    row.origins = draft.origins.at(leaf.pointer);
    const std::string protection = plan::leaf_protection(leaf, draft.plan);
    if (rehearsed) {
      row.here = here(planned, answers.at(leaf.pointer), protection);
    } else if (!protection.empty()) {
      row.here = here(planned, backend, protection);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<HereRow> here_rows(const plan::Planned& planned) {
  const Backend backend = backend_of(planned);
  std::vector<HereRow> rows;
  for (const std::string& protection : planned.draft.required) {
    rows.push_back(here(planned, backend, protection));
  }
  for (const auto& [protection, why] : planned.draft.unenforced) {
    rows.push_back(here(planned, backend, protection));
  }
  return rows;
}

}  // namespace paddock::cli
