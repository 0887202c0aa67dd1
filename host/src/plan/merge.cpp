// Step 5: the hardeners' ops into the base plan.
#include <algorithm>

#include "plan/assemble.hpp"
#include "plan/builder.hpp"
#include "plan/disk.hpp"
#include "plan/leaf_value.hpp"
#include "plan/required.hpp"
#include "plan/settle.hpp"

namespace paddock::plan {
namespace {

using Contests = std::map<std::string, Contest>;

/// Every leaf that somebody asks for, with what the base plan says of it.
class Gathering {
 public:
  Gathering(const Draft& base, const std::map<std::string, std::string>& resolve)
      : base_(base), resolve_(resolve) {
    for (contract::Leaf& leaf : contract::leaves(base.plan)) {
      values_.emplace(leaf.pointer, std::move(leaf.value));
    }
  }

  void add(const Wishes& from) {
    for (const contract::Op& op : from.ops) {
      auto wish = check_op(base_, from, op);
      if (!wish) {
        problems.push_back(wish.error());
        continue;
      }
      contest(wish->pointer).wishes.push_back(std::move(*wish));
    }
  }

  Contests contests;
  std::vector<Error> problems;

 private:
  Contest& contest(const std::string& pointer) {
    const auto found = contests.find(pointer);
    if (found != contests.end()) {
      return found->second;
    }
    const contract::LeafRule& rule = *contract::leaf_rule(pointer);
    Contest fresh{pointer, rule, std::nullopt, {}, {}, {}};
    if (const auto value = values_.find(pointer); value != values_.end()) {
      fresh.base_value = normal_value(rule, value->second);
    }
    if (const auto origins = base_.origins.find(pointer); origins != base_.origins.end()) {
      fresh.base = origins->second;
    }
    if (const auto chosen = resolve_.find(pointer); chosen != resolve_.end()) {
      fresh.resolve = chosen->second;
    }
    return contests.emplace(pointer, std::move(fresh)).first->second;
  }

  const Draft& base_;
  const std::map<std::string, std::string>& resolve_;
  std::map<std::string, std::string> values_;
};

/// Which wish the plan's decoder refuses: each alone, in the order of leaves and plugins.
Error blame(const Draft& base, const Contests& contests, Error error) {
  for (const auto& [pointer, contest] : contests) {
    for (const Wish& wish : contest.wishes) {
      const auto alone = apply_edits(base.plan, {{pointer, wish.value}});
      if (!alone) {
        error = alone.error();
        error.what = "plugin '" + wish.plugin + "' asks for '" + pointer +
                     "' = " + quoted_value(pointer, wish.value) +
                     ", which the plan cannot hold: " + error.what;
        if (wish.where.line != 0) {
          error.where = wish.where;
        }
        error.code = ErrorCode::kBadOp;
        return error;
      }
    }
  }
  return error;
}

// Sorted, so that the order of plugins cannot show in an error either.
void sort_problems(std::vector<Error>& problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Error& a, const Error& b) { return a.what < b.what; });
}

void fill_origins(Draft& draft) {
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    auto& origins = draft.origins[leaf.pointer];
    if (origins.empty()) {
      origins.push_back({"paddock", {}, "", "", ""});
    }
    origins.front().value = shown_value(leaf.pointer, leaf.value);
  }
}

}  // namespace

Result<Draft> merge(Draft base,
                    std::vector<Wishes> wishes,
                    const std::map<std::string, std::string>& resolve) {
  Gathering gathering(base, resolve);
  for (const Wishes& from : wishes) {
    gathering.add(from);
  }
  Edits edits;
  Draft out = base;
  for (auto& [pointer, contest] : gathering.contests) {
    auto result = settle(contest);
    if (!result) {
      gathering.problems.push_back(result.error());
      continue;
    }
    edits[pointer] = std::move(result->value);
    out.origins[pointer] = std::move(result->origins);
  }
  if (!gathering.problems.empty()) {
    sort_problems(gathering.problems);
    return Failure(collect(std::move(gathering.problems)));
  }
  auto plan = apply_edits(base.plan, edits);
  if (!plan) {
    return Failure(blame(base, gathering.contests, plan.error()));
  }
  out.plan = std::move(*plan);
  if (auto shared = share_disk(out.plan); !shared) {
    return fail_with(std::move(shared), "after the hardeners' edits");
  }
  fill_origins(out);
  out.required = required_protections(out);
  return out;
}

}  // namespace paddock::plan
