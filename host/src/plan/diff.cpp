// Which powers one plan has that another has not. A power is what the workload can do: a looser
// value of a narrow rule, one more mount, a writable instead of a read-only one.
#include <set>

#include "plan/builder.hpp"
#include "plan/leaf_value.hpp"
#include "plan/mount_rules.hpp"
#include "plan/plan.hpp"

namespace paddock::plan {
namespace {

using contract::Leaf;
using contract::LeafRule;
using contract::Merge;
using Power = Difference::Power;
using Differences = std::vector<Difference>;

/// One leaf on both sides; a null side has no such leaf.
struct Pair {
  const Leaf* before = nullptr;
  const Leaf* after = nullptr;

  const LeafRule& rule() const { return *(before != nullptr ? before : after)->rule; }
  const std::string& pointer() const { return (before != nullptr ? before : after)->pointer; }
};

std::string shown(const Leaf* leaf) {
  return leaf == nullptr ? "" : shown_value(leaf->pointer, leaf->value);
}

Difference difference(const Pair& pair, Power power, std::string meaning) {
  return {power, pair.pointer(), shown(pair.before), shown(pair.after), std::move(meaning)};
}

std::string mount_meaning(const contract::Mount& before, const contract::Mount& after) {
  if (before.type != after.type || before.source != after.source) {
    return "another thing is mounted there";
  }
  if (before.read_only != after.read_only) {
    return after.read_only ? "is no longer writable" : "becomes writable";
  }
  if (before.executable != after.executable) {
    return after.executable ? "programs on it can be executed" : "programs on it no longer run";
  }
  return before.size_bytes != after.size_bytes ? "another size limit" : "another purpose";
}

Difference mount_difference(const Pair& pair) {
  if (pair.before == nullptr) {
    return difference(pair, Power::kGained, "one more mount");
  }
  if (pair.after == nullptr) {
    return difference(pair, Power::kLost, "a mount less");
  }
  const auto before = mount_value(pair.before->value);
  const auto after = mount_value(pair.after->value);
  const bool less = narrows(*after, *before);
  const bool more = narrows(*before, *after);
  // Neither: something else is shown, which counts as a gain, the side that matters.
  const Power power = less && more ? Power::kChanged : less ? Power::kLost : Power::kGained;
  return difference(pair, power, mount_meaning(*before, *after));
}

Differences set_differences(const Pair& pair, const std::string& before, const std::string& after) {
  Differences out;
  const SetDifference sets = compare_sets(before, after);
  const bool allows = pair.rule().merge == Merge::kSubset;  // else each name forbids
  if (!sets.added.empty()) {
    out.push_back({allows ? Power::kGained : Power::kLost, pair.pointer(), "", sets.added,
                   "added: " + std::string(pair.rule().meaning)});
  }
  if (!sets.removed.empty()) {
    out.push_back({allows ? Power::kLost : Power::kGained, pair.pointer(), sets.removed, "",
                   "removed: " + std::string(pair.rule().meaning)});
  }
  return out;
}

Differences narrow_differences(const Pair& pair) {
  const LeafRule& rule = pair.rule();
  if (pair.before == nullptr || pair.after == nullptr) {  // a limit appears or goes
    return {difference(pair, pair.before == nullptr ? Power::kLost : Power::kGained,
                       std::string(rule.meaning))};
  }
  const std::string before = normal_value(rule, pair.before->value);
  const std::string after = normal_value(rule, pair.after->value);
  if (rule.merge == Merge::kSubset || rule.merge == Merge::kSuperset) {
    return set_differences(pair, before, after);
  }
  const std::string both = narrow(rule, before, after);
  const Power power = both == after    ? Power::kLost
                      : both == before ? Power::kGained
                                       : Power::kChanged;
  return {difference(pair, power, std::string(rule.meaning))};
}

Differences compare(const Pair& pair) {
  if (pair.before != nullptr && pair.after != nullptr && pair.before->value == pair.after->value) {
    return {};
  }
  const LeafRule& rule = pair.rule();
  if (is_narrow(rule.merge)) {
    return narrow_differences(pair);
  }
  if (rule.pattern == "/mounts/*") {
    return {mount_difference(pair)};
  }
  return {difference(pair, Power::kChanged, std::string(rule.meaning))};
}

}  // namespace

std::vector<Difference> diff(const contract::Plan& before, const contract::Plan& after) {
  const auto old_leaves = contract::leaves(before);
  const auto new_leaves = contract::leaves(after);
  // By row of the table, then by pointer: the plan's own order.
  std::map<std::pair<const LeafRule*, std::string>, Pair> pairs;
  for (const Leaf& leaf : old_leaves) {
    pairs[{leaf.rule, leaf.pointer}].before = &leaf;
  }
  for (const Leaf& leaf : new_leaves) {
    pairs[{leaf.rule, leaf.pointer}].after = &leaf;
  }
  Differences out;
  for (const auto& [key, pair] : pairs) {
    for (Difference& one : compare(pair)) {
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace paddock::plan
