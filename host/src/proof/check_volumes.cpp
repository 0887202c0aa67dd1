// A volume is what the backend keeps under its name. That the very same is mounted is for
// "mounts.declared-only" to tell.
#include <map>

#include "base/text.hpp"
#include "paddock/contract/leaves.hpp"
#include "proof/vetted_mounts.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

using contract::FileIdentity;
using contract::Mount;

std::string place_seen(const View& view, const std::string& target, const Mount& mount) {
  const auto inside = view.root ? view.root->stat(target) : std::nullopt;
  const auto kept = host_stat(mount.source);
  if (!inside || !kept) {
    return std::string(inside ? "its place" : "the target") + " cannot be looked at";
  }
  return same_file(*inside, *kept) ? "the directory there" : "another file";
}

void check_volume(const View& view, Checks& checks, const std::string& target, const Mount& mount) {
  const std::string leaf = "/mounts/" + contract::escape_pointer(target);
  const std::string what = "volume '" + *mount.volume + "' at '" + target + "'";
  checks.equal(leaf, what, "the directory there", place_seen(view, target, mount));
  checks.add(leaf, "place of " + what, "named after it", printable(mount.source),
             mount.source.find(*mount.volume) != std::string::npos);
}

/// Two names that lead to one place would mix what is to be apart.
std::vector<std::string> shared_places(const contract::Plan& plan) {
  std::map<std::string, std::string> names;
  std::vector<std::string> shared;
  for (const auto& [target, mount] : plan.mounts) {
    if (mount.volume && names.emplace(mount.source, *mount.volume).first->second != *mount.volume) {
      shared.push_back(printable(mount.source));
    }
  }
  return shared;
}

}  // namespace

void check_volumes(const View& view, std::vector<Check>& list) {
  if (!view.requires_("mounts.volume")) {
    return;
  }
  Checks checks(list, "mounts.volume");
  for (const auto& [target, mount] : view.plan().mounts) {
    if (mount.volume) {
      check_volume(view, checks, target, mount);
    }
  }
  checks.none("", "places of two volumes", shared_places(view.plan()));
}

}  // namespace paddock::proof
