#include "plan/explain.hpp"

#include <algorithm>

#include "plan/required.hpp"

namespace paddock::plan {
namespace {

const Origin* winner(const Draft& draft, const std::string& pointer) {
  const auto found = draft.origins.find(pointer);
  return found == draft.origins.end() || found->second.empty() ? nullptr : &found->second.front();
}

std::string place_text(const Origin& origin) {
  if (origin.where.line == 0) {
    return origin.layer.empty() ? origin.owner : origin.owner + ", " + origin.layer;
  }
  return origin.owner + ", " + origin.where.file + ":" + std::to_string(origin.where.line) + ":" +
         std::to_string(origin.where.column);
}

const Origin* demand(const Draft& draft, std::string_view protection) {
  const auto found = draft.demands.find(std::string(protection));
  return found == draft.demands.end() ? nullptr : &found->second;
}

}  // namespace

std::optional<SourcePos> asking_place(const Draft& draft, std::string_view protection) {
  for (const std::string& pointer : asking_leaves(draft, protection)) {
    const Origin* origin = winner(draft, pointer);
    if (origin != nullptr && origin->where.line != 0) {
      return origin->where;
    }
  }
  const Origin* origin = demand(draft, protection);
  return origin != nullptr && origin->where.line != 0 ? std::optional(origin->where) : std::nullopt;
}

std::string asking_line(const Draft& draft, std::string_view protection) {
  const auto pointers = asking_leaves(draft, protection);
  for (const std::string& pointer : pointers) {
    const Origin* origin = winner(draft, pointer);
    if (origin != nullptr && (origin->where.line != 0 || pointer == pointers.back())) {
      return "asked for by '" + pointer + "' (" + place_text(*origin) + ")";
    }
  }
  if (const Origin* origin = demand(draft, protection)) {
    return "asked for by the hardener " + place_text(*origin);
  }
  return "paddock always asks for it";
}

bool let_go(Draft& draft, const std::string& protection, const std::string& why) {
  if (!is_best_effort(draft, protection)) {
    return false;
  }
  if (draft.unenforced.emplace(protection, why).second) {
    draft.notices.push_back("resources." + std::string(best_effort_name(protection)) +
                            " is not enforced: " + why);
  }
  draft.required = required_protections(draft);
  return true;
}

}  // namespace paddock::plan
