// Kernel state of who the workload is and what it may do.
#include <bit>

#include "base/text.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

std::string names_of(std::uint64_t set) {
  std::vector<std::string> names;
  for (; set != 0; set &= set - 1) {
    names.push_back(os::capability_name(std::countr_zero(set)));
  }
  return names.empty() ? "none" : join(names, ", ");
}

std::uint64_t kept(const contract::Plan& plan) {
  std::uint64_t set = 0;
  for (const std::string& name : plan.security.capabilities) {
    const int number = os::capability_number(name);
    set |= number >= 0 ? std::uint64_t{1} << number : 0;
  }
  return set;
}

void check_capabilities(const View& view, Checks checks) {
  constexpr std::string_view kLeaf = "/security/capabilities";
  if (!view.status) {
    return checks.unread("capability sets", view.status.error());
  }
  const os::ProcStatus& status = *view.status;
  const std::uint64_t keep = kept(view.plan());
  checks.equal(kLeaf, "bounding set", names_of(keep), names_of(status.cap_bounding));
  const std::pair<const char*, std::uint64_t> sets[] = {{"permitted set", status.cap_permitted},
                                                        {"effective set", status.cap_effective},
                                                        {"inheritable set", status.cap_inheritable},
                                                        {"ambient set", status.cap_ambient}};
  for (const auto& [what, set] : sets) {
    checks.add(kLeaf, what, "within " + names_of(keep), names_of(set), (set & ~keep) == 0);
  }
}

/// The id inside that `outside` is seen as; 65534 (the overflow id) when it is not mapped.
std::uint32_t inside_of(const std::vector<IdRange>& map, std::uint32_t outside) {
  for (const IdRange& range : map) {
    if (outside >= range.outside && outside - range.outside < range.count) {
      return range.inside + (outside - range.outside);
    }
  }
  return 65534;
}

void check_ids(const View& view,
               Checks& checks,
               std::string_view leaf,
               std::string_view what,
               const Result<std::vector<IdRange>>& map,
               const std::vector<std::uint32_t>& ids,
               std::uint32_t wanted) {
  if (!map) {
    return checks.unread(what, map.error());
  }
  std::vector<std::string> seen;
  seen.reserve(ids.size());
  for (const std::uint32_t id : ids) {
    seen.push_back(std::to_string(inside_of(*map, id)));
  }
  const std::string one = std::to_string(wanted);
  checks.equal(leaf, what, join(std::vector<std::string>(4, one), " "), join(seen, " "));
  // No other id, least of all 0, can be taken.
  const bool single = map->size() == 1 && map->front().count == 1 && wanted != 0;
  const bool bound = single || gains_nothing(view);
  checks.add(leaf, std::string(what) + ", mapped", "that one alone, or no capability to leave it",
             single  ? "that one alone"
             : bound ? "no capability to leave it"
                     : std::to_string(map->size()) + " range(s) of ids",
             bound);
}

/// A group outside the map gives no rights by name inside, and an unprivileged launcher cannot
/// drop it; a privileged one can, and then must.
void check_groups(const View& view, Checks& checks) {
  std::vector<std::string> held;
  for (const std::uint32_t group : view.status->groups) {
    if (group != view.status->gids.front()) {
      held.push_back(std::to_string(group));
    }
  }
  const bool could_drop = ::geteuid() == 0;
  checks.add("/process/user/gid", "supplementary groups",
             could_drop ? "none" : "none, or unmapped where they cannot be dropped",
             held.empty() ? "none" : join(held, ", "), held.empty() || !could_drop);
}

void check_user(const View& view, Checks checks) {
  if (!view.status) {
    return checks.unread("user and groups", view.status.error());
  }
  const contract::User& user = view.plan().process.user;
  check_ids(view, checks, "/process/user/uid", "user ids", view.uids, view.status->uids, user.uid);
  check_ids(view, checks, "/process/user/gid", "group ids", view.gids, view.status->gids, user.gid);
  check_groups(view, checks);
}

}  // namespace

void check_identity(const View& view, std::vector<Check>& list) {
  if (view.requires_("no-new-privs")) {
    Checks checks(list, "no-new-privs");
    view.status ? checks.equal("/security/no_new_privs", "NoNewPrivs", "1",
                               std::to_string(view.status->no_new_privs))
                : checks.unread("NoNewPrivs", view.status.error());
  }
  if (view.requires_("capabilities")) {
    check_capabilities(view, Checks(list, "capabilities"));
  }
  if (view.requires_("user")) {
    check_user(view, Checks(list, "user"));
  }
}

}  // namespace paddock::proof
