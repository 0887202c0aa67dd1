#include "cli/plan_rows.hpp"

#include <algorithm>

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
  for (const contract::Protection& row : contract::kProtections) {
    if (row.name == protection) {
      return std::string(row.evidence);
    }
  }
  return "what the plugin that asked for it reports";
}

HereRow here(const plan::Planned& planned, const Backend& backend, const std::string& protection) {
  HereRow row{protection, false, false, "", evidence_of(protection)};
  const auto let_go = planned.draft.unenforced.find(protection);
  if (let_go != planned.draft.unenforced.end()) {
    row.unenforced = true;
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
  row.supported = found->supported;
  row.mechanism = found->supported ? found->mechanism : found->reason;
  return row;
}

}  // namespace

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
  std::vector<LeafRow> rows;
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    LeafRow row;
    row.pointer = leaf.pointer;
    row.value = plan::shown_value(leaf.pointer, leaf.value);
    row.rule = rule_text(leaf.rule->merge);
    row.meaning = std::string(leaf.rule->meaning);
    row.origins = draft.origins.at(leaf.pointer);
    row.protection = plan::leaf_protection(leaf, draft.plan);
    if (!row.protection.empty()) {
      row.here = here(planned, backend, row.protection);
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
