#include "plan/settle.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "plan/builder.hpp"
#include "plan/leaf_value.hpp"

namespace paddock::plan {
namespace {

constexpr const char* kProfile = "profile";  // owner, and a name that [resolve] may hold

Origin origin_of(const Wish& wish) {
  return {wish.plugin, wish.where, "", wish.reason,
          wish.value ? shown_value(wish.pointer, *wish.value) : "removed"};
}

/// One origin for all that want the final value: who wrote it down comes before built-ins.
Origin co_owned(const std::vector<Origin>& owners) {
  Origin first = owners.front();
  std::vector<std::string> names;
  for (const Origin& owner : owners) {
    if (owner.owner != "paddock" &&
        std::find(names.begin(), names.end(), owner.owner) == names.end()) {
      first = names.empty() ? owner : first;
      names.push_back(owner.owner);
    }
  }
  if (!names.empty()) {
    first.owner = join(names, ", ");
  }
  return first;
}

/// The base's word as a wish, where the profile itself wrote it. A wish for a mount has been
/// checked to be no more than what the profile declares, so that it does not contend with it.
std::optional<Wish> profile_wish(const Contest& contest) {
  if (contest.rule.pattern == "/mounts/*" || contest.rule.pattern == "/network/publish/*" ||
      contest.base.empty() || contest.base.front().owner != kProfile) {
    return std::nullopt;
  }
  return Wish{kProfile, contest.base.front().where, contest.pointer, contest.base_value,
              "written in the profile"};
}

Settled settled(const Contest& contest, std::optional<std::string> value) {
  std::vector<Origin> owners;
  std::vector<Origin> overridden;
  for (const Wish& wish : contest.wishes) {
    (wish.value == value ? owners : overridden).push_back(origin_of(wish));
  }
  if (!contest.base.empty()) {
    const bool kept = contest.base_value == value;
    auto& list = kept ? owners : overridden;
    list.insert(kept ? list.begin() : list.end(), contest.base.front());
    // What lower layers of the profile said has long been overridden.
    overridden.insert(overridden.end(), contest.base.begin() + 1, contest.base.end());
  }
  Settled out{value, {}};
  // An intersection may equal nobody's wish: then all that narrowed it own it together.
  out.origins.push_back(co_owned(owners.empty() ? overridden : owners));
  if (value) {
    out.origins.front().value = shown_value(contest.pointer, *value);
  }
  out.origins.insert(out.origins.end(), overridden.begin(), overridden.end());
  return out;
}

Settled settle_narrow(const Contest& contest) {
  std::optional<std::string> value = contest.base_value;
  for (const Wish& wish : contest.wishes) {
    value = value ? narrow(contest.rule, *value, *wish.value) : *wish.value;
  }
  return settled(contest, std::move(value));
}

std::string claim(const Wish& wish) {
  return asker(wish.plugin, wish.where) + " wants " + quoted_value(wish.pointer, wish.value) +
         ": " + (wish.reason.empty() ? "no reason given" : wish.reason);
}

Failure conflict(const Contest& contest, const std::vector<Wish>& sides) {
  const Wish& first = sides.front();
  const auto other = std::find_if(sides.begin(), sides.end(),
                                  [&](const Wish& wish) { return wish.value != first.value; });
  Error error;
  error.code = ErrorCode::kConflict;
  error.what = "'" + first.plugin + "' and '" + other->plugin + "' want different values for '" +
               contest.pointer + "'";
  if (first.where.line != 0) {
    error.where = first.where;
  }
  for (const Wish& side : sides) {
    error.context.push_back(claim(side));
  }
  error.hints.push_back("say who wins in your profile: [resolve] \"" + contest.pointer + "\" = \"" +
                        first.plugin + "\"");
  return Failure(std::move(error));
}

Failure bad_resolve(const Contest& contest, const std::vector<Wish>& sides) {
  std::vector<std::string> names;
  for (const Wish& side : sides) {
    names.push_back(side.plugin);
  }
  return fail(ErrorCode::kBadValue,
              "[resolve] gives '" + contest.pointer + "' to '" + contest.resolve +
                  "', which asks nothing of it",
              name_hint(contest.resolve, names));
}

Result<Settled> settle_one(const Contest& contest) {
  std::vector<Wish> sides;
  if (auto written = profile_wish(contest)) {
    sides.push_back(std::move(*written));
  }
  sides.insert(sides.end(), contest.wishes.begin(), contest.wishes.end());
  const bool agreed = std::all_of(sides.begin(), sides.end(), [&](const Wish& wish) {
    return wish.value == sides.front().value;
  });
  if (agreed) {
    return settled(contest, sides.front().value);
  }
  if (contest.resolve.empty()) {
    return conflict(contest, sides);
  }
  std::vector<Wish> chosen;
  std::copy_if(sides.begin(), sides.end(), std::back_inserter(chosen),
               [&](const Wish& wish) { return wish.plugin == contest.resolve; });
  if (chosen.empty()) {
    return bad_resolve(contest, sides);
  }
  for (const Wish& wish : chosen) {
    if (wish.value != chosen.front().value) {  // one plugin against itself
      return conflict(contest, chosen);
    }
  }
  return settled(contest, chosen.front().value);
}

}  // namespace

Result<Settled> settle(Contest contest) {
  std::stable_sort(contest.wishes.begin(), contest.wishes.end(), [](const Wish& a, const Wish& b) {
    return std::tie(a.plugin, a.value, a.reason) < std::tie(b.plugin, b.value, b.reason);
  });
  if (is_narrow(contest.rule.merge)) {
    return settle_narrow(contest);
  }
  return settle_one(contest);
}

}  // namespace paddock::plan
